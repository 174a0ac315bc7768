"""The intake of updates: they are in Redis before Telegram learns that we have them.

python-telegram-bot confirms updates with its next poll, after putting them into a queue in memory;
a crash in between would lose them. `Intake` is that queue, and writes to Redis first.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol
from weakref import WeakValueDictionary

from redis.exceptions import AuthenticationError, RedisError
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.transport import updates as reading
from bot.transport.outage import Outage
from bot.transport.slots import Slots
from bot.transport.updates import mark
from model.common import logs, metrics
from model.common.health import OK
from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.dead_letters import bury_value
from model.common.queue.refusals import Refusal
from model.common.redis_tools.connection import AsyncClient

log = logging.getLogger(__name__)

# Updates held at once. Beyond it polling waits, and Telegram keeps the rest for us.
MOST_HELD = 1000
# Chats served at the same time, but for those that wait for Telegram's pace.
MOST_CHATS = 32
# How long a handled update is remembered. Telegram keeps undelivered ones for a day.
SEEN_SECONDS = 24 * 3600
# And how many, at some 110 bytes each: many more than come in while Telegram cannot be told.
MOST_SEEN = 100_000


class Fairness(Protocol):
    """Decides whether an update is handled at all: `bot.replies.fair_share`."""

    def refusal(self, update: Update) -> Refusal | None:
        """The reason to leave it out; None to handle it."""

    def begin(self, name: str, update: Update) -> None:
        """The update is taken in under this name."""

    def end(self, name: str) -> None:
        """The update is done. Unknown names are ignored."""


class Intake(asyncio.Queue[object]):
    """The Application's update queue: `put` returns once the update is in Redis."""

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
        self._shares = shares
        self._note_left_out = note_left_out
        self._take_in = redis.register_script(lua_script("intake/take_in"))
        self._handled = redis.register_script(lua_script("intake/handled"))
        self._held: set[str] = set()
        self._kept: set[str] = set()  # held by `keep`, and not put yet
        # Of the last `keep`: those that were known, and those that are left out.
        self._known: set[str] = set()
        self._left_out: set[str] = set()
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
        """Keep and queue an update, unless it is left out, held, or was handled before.

        Raises telegram.error.NetworkError if Redis does not take it: the updater then polls
        again with the same offset. Any other exception would end its polling without a word.
        """
        if isinstance(item, Update):
            name = mark(item)
            if name not in self._kept | self._known | self._left_out:
                await self.keep([item])
            if name not in self._kept:
                metrics.DUPLICATES.inc(name not in self._left_out)
                return
            self._kept.discard(name)
        await super().put(item)

    async def keep(self, updates: Sequence[Update]) -> None:
        """Write those of a poll that are to be handled into Redis; `put` is to follow for each.

        One by one, each would wait for Redis: too long where Telegram has ever more. Raises
        NetworkError, see `put`.
        """
        # One after the other: a webhook's posts come at the same time, and a second delivery must
        # find the first one either not begun or in Redis.
        async with self._entrance:
            await self._until_there_is_room()
            new, refused = self._sorted(updates)
            kept, left_out = await self._write(new, refused)
            self._kept.update(kept)
            self._left_out = set(left_out)
            self._known = {mark(update) for update in updates} - self._kept - self._left_out
        for update in updates:
            if mark(update) in left_out:
                self._note_left_out(update)
        reasons = Counter(refused[name].reason for name in left_out)
        for reason, number in reasons.items():
            metrics.REFUSED.labels(reason).inc(number)
            log.info(
                "%d updates are left out reason=%s: %s",
                *(number, reason, " ".join(n for n in left_out if refused[n].reason == reason)),
            )
        metrics.RECEIVED.inc(reasons.total() - reasons["at_once"])

    async def _until_there_is_room(self) -> None:
        while len(self._held) >= MOST_HELD:
            self._room.clear()
            await self._room.wait()

    def _sorted(self, updates: Sequence[Update]) -> tuple[dict[str, str], dict[str, Refusal]]:
        """Those to be kept, as JSON, and why others are refused; without what is held."""
        new: dict[str, str] = {}
        refused: dict[str, Refusal] = {}
        for update in updates:
            name = mark(update)
            if name in self._held or name in new:
                continue
            if self._shares and (refusal := self._shares.refusal(update)):
                refused[name] = refusal
                continue
            new[name] = update.to_json()
            if self._shares:
                self._shares.begin(name, update)
        return new, refused

    async def _write(
        self, new: Mapping[str, str], refused: Mapping[str, Refusal]
    ) -> tuple[list[str], list[str]]:
        """Write these into Redis; those that were not known, kept and refused.

        Raises NetworkError, see `put`.
        """
        if not new and not refused:
            return [], []
        kept: list[str] = []
        try:
            written: tuple[list[bytes], list[bytes]] = await self._take_in(
                keys=[
                    *(keys.UPDATES, keys.UPDATES_SEEN, keys.REFUSED),
                    *(keys.PHOTOS, keys.WAITING, keys.ANSWERS),
                ],
                args=[
                    *(SEEN_SECONDS, MOST_SEEN, len(self._held)),
                    *(each for pair in new.items() for each in self._fields(*pair)),
                    *(
                        each
                        for name, why in refused.items()
                        for each in (name, "", *why.fields(self._keyring))
                    ),
                ],
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
        if self._shares:
            self._shares.end(name)

    def _fields(self, name: str, text: str) -> tuple[str | bytes, ...]:
        """As `lua/intake/take_in.lua` wants an update that is kept."""
        return name, self._sealed(name, text), *[""] * 6

    def _sealed(self, name: str, text: str) -> bytes:
        return self._keyring.seal(text.encode(), keys.UPDATES + name)

    async def restore(self, bot: Bot) -> int:
        """Queue what a former run took in and did not finish, by update id; say how many.

        Waits for a Redis that is not there yet. Raises AuthenticationError if it wants another
        password.
        """

        async def read() -> dict[bytes, bytes]:
            kept: dict[bytes, bytes] = await self._redis.hgetall(keys.UPDATES)  # type: ignore[misc]
            return kept

        kept = await self._outage.outlast(read, fatal=(AuthenticationError,))
        updates = []
        for kept_as, text in kept.items():
            name = kept_as.decode(errors="replace")
            try:
                opened = self._keyring.open(text, keys.UPDATES + name)
                update = reading.read(json.loads(opened), bot)
            except (ValueError, RecursionError) as error:
                log.error(
                    "Update %s cannot be read and becomes a dead letter: %s",
                    name,
                    type(error).__name__,
                )
                reason = f"it cannot be read ({type(error).__name__})"
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
            if self._shares:
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


class ChatByChat(BaseUpdateProcessor):
    """Handles the updates of one chat in their order, those of different chats at the same time."""

    def __init__(
        self, intake: Intake, settle: Callable[[Update], Awaitable[None]] | None = None
    ) -> None:
        """`settle` is awaited for each update before it is its chat's turn."""
        super().__init__(MOST_HELD)
        self._intake = intake
        self._settle = settle
        self._slots = Slots(MOST_CHATS)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[Any]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the handlers when the chat's turn has come, then forget the update."""
        task = asyncio.current_task()
        if task is None or not isinstance(update, Update):
            await coroutine
            return
        chat = update.effective_chat
        # The lock is first come, first served, and lives as long as somebody waits for it.
        turn = self._turns.setdefault(chat.id if chat else 0, asyncio.Lock())
        self._running.add(task)
        try:
            with logs.about(mark(update)):
                if self._settle:
                    await self._settle(update)
                async with turn, self._slots.taken():
                    await coroutine
                    # Errors were reported by the error handler. Only a cancelled update, at the
                    # program's end, does not reach this line: the next start takes it up again.
                    await self._intake.done(update)
        finally:
            self._running.discard(task)
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # cancelled before its turn, it was never awaited

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """End what still runs; it stays in Redis for the next start."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
