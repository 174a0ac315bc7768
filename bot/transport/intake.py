"""The intake of updates: they are in Redis before Telegram learns that we have them.

python-telegram-bot confirms updates with its next poll, after putting them into a queue in memory;
a crash in between would lose them. `Intake` is that queue, and writes to Redis first.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

from redis.exceptions import AuthenticationError, RedisError
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.transport import updates as reading
from bot.transport.retry import Outage
from bot.transport.updates import mark
from model.common import logs, metrics
from model.common.queue import keys
from model.common.queue.dead_letters import bury_value
from model.common.redis_tools.connection import AsyncClient
from model.common.redis_tools.lua_scripts import lua_script

log = logging.getLogger(__name__)

# Updates held at once. Beyond it polling waits, and Telegram keeps the rest for us.
MOST_HELD = 1000
# Chats served at the same time.
MOST_CHATS = 32
# How long a handled update is remembered. Telegram keeps undelivered ones for a day.
SEEN_SECONDS = 24 * 3600
# And how many: a bot that dies may take up to MOST_HELD with it that Telegram does not know of.
MOST_SEEN = 20 * MOST_HELD


class Intake(asyncio.Queue[object]):
    """The Application's update queue: `put` returns once the update is in Redis."""

    def __init__(self, redis: AsyncClient) -> None:
        super().__init__()
        self._redis = redis
        self._keyring = redis.keyring
        self._keep_new = redis.register_script(lua_script(__file__, "keep"))
        self._forget = redis.register_script(lua_script(__file__, "handled"))
        self._held: set[str] = set()
        self._kept: set[str] = set()  # held by `keep`, and not put yet
        self._room = asyncio.Event()
        self._entrance = asyncio.Lock()
        self._outage = Outage("Keeping updates in Redis")

    @property
    def held(self) -> int:
        """How many updates are taken in and not yet handled."""
        return len(self._held)

    async def put(self, item: object) -> None:
        """Keep and queue an update, unless it is held or was handled before.

        Raises telegram.error.NetworkError where Redis does not take it: the updater then polls
        again with the same offset. Any other exception would end its polling without a word.
        """
        if isinstance(item, Update):
            # One after the other: a webhook's posts come at the same time, and a second delivery
            # must find the first one either not begun or in Redis.
            async with self._entrance:
                if not await self._keep(item):
                    return
        await super().put(item)

    async def keep(self, updates: Sequence[Update]) -> None:
        """Write those of a poll that are new into Redis together; `put` is to follow for each.

        One by one, each would wait for Redis: too long where Telegram has ever more. Raises
        NetworkError, see `put`.
        """
        named = {mark(update): update.to_json() for update in updates}
        async with self._entrance:
            await self._until_there_is_room()
            unheld = {name: text for name, text in named.items() if name not in self._held}
            if unheld:
                self._kept.update(await self._write(unheld))

    async def _until_there_is_room(self) -> None:
        while len(self._held) >= MOST_HELD:
            self._room.clear()
            await self._room.wait()

    async def _keep(self, update: Update) -> bool:
        """Write the update into Redis; whether it is new. Raises NetworkError, see `put`."""
        name = mark(update)
        if name in self._kept:
            self._kept.discard(name)
            return True
        await self._until_there_is_room()
        if name in self._held or not await self._write({name: update.to_json()}):
            metrics.DUPLICATES.inc()
            log.debug("Update %s arrived a second time.", name)
            return False
        return True

    async def _write(self, texts: Mapping[str, str]) -> list[str]:
        """Write these into Redis, but for what was handled before; the names of what is held now.

        Raises NetworkError, see `put`.
        """
        try:
            written: list[bytes] = await self._keep_new(
                keys=[keys.UPDATES, keys.UPDATES_SEEN],
                args=[each for pair in texts.items() for each in (pair[0], self._sealed(*pair))],
            )
        except (RedisError, OSError) as error:
            self._outage.failed(error)
            raise NetworkError(f"Redis did not take updates ({error})") from error
        names = [name.decode() for name in written]
        self._held.update(names)
        return names

    def _sealed(self, name: str, text: str) -> bytes:
        return self._keyring.seal(text.encode(), keys.UPDATES + name)

    async def restore(self, bot: Bot) -> int:
        """Queue what a former run took in and did not finish, by update id; say how many.

        Waits for a Redis that is not there yet. Raises AuthenticationError where it wants another
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
            self.put_nowait(update)
        return len(updates)

    async def done(self, update: Update) -> None:
        """Forget a handled update, however long Redis is away.

        At-least-once: a crash between the handler's end and this line has the update handled again
        at the next start.
        """
        name = mark(update)

        async def forget() -> None:
            await self._forget(
                keys=[keys.UPDATES, keys.UPDATES_SEEN, keys.SUBMITTED + name],
                args=[name, SEEN_SECONDS, MOST_SEEN],
            )

        await self._outage.outlast(forget)
        self._held.discard(name)
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
        self._slots = asyncio.Semaphore(MOST_CHATS)
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
                async with turn, self._slots:
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
