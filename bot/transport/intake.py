"""The intake of updates: they are in Redis before Telegram learns that we have them.

python-telegram-bot confirms updates with its next poll, after putting them into a queue in memory;
a crash in between would lose them. `Intake` is that queue, and has them in Redis first.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis.exceptions import AuthenticationError, RedisError
from telegram import Bot, Update
from telegram.error import NetworkError

from bot.transport import updates as reading
from bot.transport.outage import Outage
from bot.transport.updates import mark
from model.common import metrics
from model.common.health import OK
from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.dead_letters import bury_value
from model.common.queue.refusals import Refusal
from model.common.redis_tools.connection import AsyncClient

log = logging.getLogger(__name__)

# Updates held at once. Beyond it polling waits, and Telegram keeps the rest for us.
MOST_HELD = 1000
# How long a handled update is remembered. Telegram keeps undelivered ones for a day.
SEEN_SECONDS = 24 * 3600
# And how many, at some 110 bytes each: many more than come in while Telegram cannot be told.
MOST_SEEN = 100_000


class Fairness:
    """Decides which updates are handled: all, unless `bot.replies.fair_share` says otherwise."""

    def refusal(self, update: Update) -> Refusal | None:
        """The reason to leave it out; None to handle it."""

    def begin(self, name: str, update: Update) -> None:
        """The update is taken in under this name."""

    def end(self, name: str) -> None:
        """The update is done. Unknown names are ignored."""


class Intake(asyncio.Queue[object]):
    """The Application's update queue; `keep` puts updates into it once they are in Redis."""

    def __init__(
        self,
        redis: AsyncClient,
        shares: Fairness | None = None,
        note_left_out: Callable[[Update], None] = lambda _: None,
    ) -> None:
        """Without `shares` nothing is left out; what is, is passed to `note_left_out`."""
        super().__init__()
        self._redis = redis
        self._keyring = redis.keyring
        self._shares = shares or Fairness()
        self._note_left_out = note_left_out
        self._take_in = redis.register_script(lua_script("intake/take_in"))
        self._handled = redis.register_script(lua_script("intake/handled"))
        self._held: set[str] = set()
        self._closed = False
        self._room = asyncio.Event()
        self._entrance = asyncio.Lock()
        self._outage = Outage("Keeping updates in Redis")

    @property
    def held(self) -> int:
        """How many updates are taken in and not yet handled."""
        return len(self._held)

    @property
    def state(self) -> str:
        """OK, or that Redis does not take updates; for /readyz."""
        return "Redis does not take them" if self._outage.lasts else OK

    async def put(self, item: object) -> None:
        """Queue the library's signal to stop. The updates that it puts were queued by `keep`."""
        if not isinstance(item, Update):
            await super().put(item)

    def close(self) -> None:
        """Begin nothing more: what is kept from now on waits for the next start.

        The library polls once more when it stops. Another bot may have taken over by then.
        """
        self._closed = True

    async def keep(self, updates: Sequence[Update]) -> None:
        """Write a poll's updates into Redis and queue them; not those held or handled before.

        One by one, each would wait for Redis: too long where Telegram has ever more. Raises
        telegram.error.NetworkError if Redis does not take them: the updater then polls again with
        the same offset. Any other exception would end its polling without a word.
        """
        # One after the other: a webhook's posts come at the same time, and a second delivery must
        # find the first one either not begun or in Redis.
        async with self._entrance:
            while len(self._held) >= MOST_HELD:
                self._room.clear()
                await self._room.wait()
            new, refused = self._sorted(updates)
            kept, left_out = await self._write(new, refused)
        for name in () if self._closed else kept:
            self.put_nowait(new[name])
        metrics.DUPLICATES.inc(len(updates) - len(kept) - len(left_out))
        self._note_refused(updates, {name: refused[name].reason for name in left_out})

    def _note_refused(self, updates: Sequence[Update], left_out: Mapping[str, str]) -> None:
        """Tell and count those that are left out; by their names, why."""
        for update in updates:
            if mark(update) in left_out:
                self._note_left_out(update)
        reasons = Counter(left_out.values())
        for reason, number in reasons.items():
            metrics.REFUSED.labels(reason).inc(number)
            names = " ".join(name for name, why in left_out.items() if why == reason)
            log.info("%d updates are left out reason=%s: %s", number, reason, names)
        metrics.RECEIVED.inc(reasons.total() - reasons["at_once"])

    def _sorted(self, updates: Sequence[Update]) -> tuple[dict[str, Update], dict[str, Refusal]]:
        """Those to be kept, and why others are refused, by name; without what is held."""
        new: dict[str, Update] = {}
        refused: dict[str, Refusal] = {}
        for update in updates:
            name = mark(update)
            if name in self._held or name in new:
                continue
            if refusal := self._shares.refusal(update):
                refused[name] = refusal
                continue
            new[name] = update
            self._shares.begin(name, update)
        return new, refused

    async def _write(
        self, new: Mapping[str, Update], refused: Mapping[str, Refusal]
    ) -> tuple[list[str], list[str]]:
        """Write these into Redis; the names of those that were not known, kept and refused.

        Raises NetworkError, see `keep`.
        """
        if not new and not refused:
            return [], []
        # As `lua/intake/take_in.lua` wants them.
        args: list[str | bytes | int] = [SEEN_SECONDS, MOST_SEEN, len(self._held)]
        for name, update in new.items():
            args += (name, self._sealed(name, update.to_json()), *[""] * 6)
        for name, why in refused.items():
            args += (name, "", *why.fields(self._keyring))
        kept: list[str] = []
        try:
            written: tuple[list[bytes], list[bytes]] = await self._take_in(
                keys=[
                    *(keys.UPDATES, keys.UPDATES_SEEN, keys.REFUSED),
                    *(keys.PHOTOS, keys.WAITING, keys.ANSWERS),
                ],
                args=args,
            )
            kept, left_out = ([name.decode() for name in names] for names in written)
            self._outage.over()
        except (RedisError, OSError) as error:
            self._outage.failed(error)
            raise NetworkError(f"Redis did not take updates ({error})") from error
        finally:
            self._held.update(kept)
            for name in new.keys() - self._held:
                self._end(name)
        return kept, left_out

    def _end(self, name: str) -> None:
        self._held.discard(name)
        self._shares.end(name)

    def _sealed(self, name: str, text: str) -> bytes:
        return self._keyring.seal(text.encode(), keys.UPDATES + name)

    async def restore(self, bot: Bot) -> int:
        """Queue what a former run took in and did not finish, by update id; say how many.

        Waits for a Redis that is not there yet. Raises AuthenticationError if it wants another
        password.
        """
        kept: dict[bytes, bytes] = await self._outage.outlast(
            lambda: self._redis.hgetall(keys.UPDATES),  # type: ignore[arg-type, return-value]
            fatal=(AuthenticationError,),
        )
        updates = []
        for kept_as, text in kept.items():
            name = kept_as.decode(errors="replace")
            try:
                opened = self._keyring.open(text, keys.UPDATES + name)
                update = reading.read(json.loads(opened), bot)
            except (ValueError, RecursionError) as error:
                kind = type(error).__name__
                log.error("Update %s cannot be read and becomes a dead letter: %s", name, kind)
                reason = f"it cannot be read ({kind})"
                await bury_value(self._redis, keys.UPDATES, kept_as, of="updates", reason=reason)
                continue
            if mark(update) != name:
                # Kept by another version of the library, which knew other fields.
                async with self._redis.pipeline(transaction=True) as transaction:
                    resealed: Any = self._sealed(mark(update), opened.decode())
                    transaction.hset(keys.UPDATES, mark(update), resealed)
                    transaction.hdel(keys.UPDATES, kept_as)  # type: ignore[arg-type]
                    await transaction.execute()
            updates.append(update)
        for update in sorted(updates, key=lambda update: update.update_id):
            self._held.add(mark(update))
            self._shares.begin(mark(update), update)
            self.put_nowait(update)
        return len(updates)

    async def done(self, update: Update) -> None:
        """Forget a handled update, however long Redis is away.

        At-least-once: a crash between the handler's end and this line has the update handled again
        at the next start.
        """
        name = mark(update)

        async def forget() -> None:
            await self._handled(
                keys=[keys.UPDATES, keys.UPDATES_SEEN, keys.SUBMITTED + name],
                args=[name, SEEN_SECONDS, MOST_SEEN],
            )

        await self._outage.outlast(forget)
        self._end(name)
        self._room.set()
