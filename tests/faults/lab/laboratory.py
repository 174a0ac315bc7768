"""A laboratory: the sandbox in this process, and the real programs in theirs."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import redis
import redis.asyncio

from bot.launcher import redis_server as server
from bot.sandbox.server import serve
from bot.sandbox.state.person import Person
from bot.sandbox.telegram import ADMIN, TOKEN
from model.common.queue import keys
from tests.faults.lab.programs import Program, python
from tests.faults.lab.watched import WatchedSandbox, one_size

READY_WITHIN = 120.0  # seconds
# As in an operator's hands, but for the limits per person: twenty people stand for a crowd.
UNLIMITED = {"PHOTOS_PER_MINUTE": "0", "PHOTOS_WAITING": "0"}
KEY = "the-key-of-the-laboratory-and-of-nothing-else"


@dataclass
class Lab:
    """The tools of an experiment."""

    sandbox: WatchedSandbox
    folder: Path
    redis_url: str
    redis_server: Program
    bot: Program
    workers: list[Program]
    trainer: Program | None
    client: redis.asyncio.Redis
    people: list[int] = field(default_factory=list)

    @property
    def programs(self) -> list[Program]:
        """All of them."""
        trainer = [self.trainer] if self.trainer else []
        return [self.redis_server, self.bot, *self.workers, *trainer]

    async def ready(self) -> None:
        """Wait until the bot polls and every worker shows itself; TimeoutError if they do not."""
        async with asyncio.timeout(READY_WITHIN):
            while not (self.sandbox.updates.polled and await self._workers_here()):
                await asyncio.sleep(0.1)

    async def unanswered(self) -> int:
        """How many photos wait in Redis, and answers for their way to Telegram."""
        streams = (keys.PHOTOS, keys.WAITING, keys.ANSWERS)
        return sum([int(await self.client.xlen(stream)) for stream in streams])

    async def drained(self, within: float = 10.0) -> int:
        """The number left, once there are none or after `within` seconds."""
        for _ in range(int(within / 0.1)):
            if not await self.unanswered():
                break
            await asyncio.sleep(0.1)
        return await self.unanswered()

    async def _workers_here(self) -> bool:
        try:
            return int(await self.client.hlen(keys.WORKERS)) >= len(self.workers)  # type: ignore[misc]
        except (redis.RedisError, OSError):
            return False


@asynccontextmanager
async def laboratory(
    *,
    people: int = 20,
    workers: int = 1,
    trainer: bool = False,
    worker: Sequence[str] = ("-m", "model", "worker"),
    settings: Mapping[str, str] = UNLIMITED,
) -> AsyncIterator[Lab]:
    """Everything that runs, up and ready for as long as the context lasts."""
    crowd = (ADMIN, *(Person(2000 + n, f"Person {n}") for n in range(people)))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="modista-faults-")))
        stack.enter_context(patch("bot.sandbox.state.photo_sizes.sizes", one_size))
        sandbox = WatchedSandbox(people=crowd)
        _, url = await stack.enter_async_context(serve(sandbox))
        socket = folder / "redis.sock"
        address = f"unix://{socket}"
        shared = {
            "REDIS_URL": address,
            "DATA_KEY": KEY,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "ADMIN_IDS": str(ADMIN.id),
            "LOG_LEVEL": "INFO",
        } | dict(settings)
        command = server.command(socket)  # as it ships
        client = redis.asyncio.Redis(unix_socket_path=str(socket))
        stack.push_async_callback(client.aclose)
        lab = Lab(
            sandbox,
            folder,
            address,
            Program("redis", command, folder, {}),
            Program("bot", python("-m", "bot"), folder, shared),
            [Program(f"worker-{n}", python(*worker), folder, shared) for n in range(workers)],
            Program("trainer", python("-m", "model", "trainer"), folder, shared)
            if trainer
            else None,
            client,
            [person.id for person in crowd if person != ADMIN],
        )
        for program in lab.programs:
            program.start()
            # At the end the bot goes first, Redis last.
            stack.push_async_callback(program.stop)
        await lab.ready()
        yield lab
