"""The bot's lease: of several bots with the same Redis, one serves and the others wait.

No clocks are compared. A waiting bot takes over as soon as the lease is given back, once it has not
been renewed for LASTS seconds, or at once if its holder ran on this machine and is gone.
"""

import asyncio
import logging
import os
import secrets
import socket
import time
from itertools import count
from pathlib import Path

from redis.exceptions import AuthenticationError

from bot.transport.outage import Outage
from model.common.health import OK
from model.common.lua import lua_script
from model.common.queue import keys
from model.common.redis_tools.connection import AsyncClient

log = logging.getLogger(__name__)

LASTS = 15.0  # seconds
RENEW_EVERY = 3.0
LOOK_EVERY = 0.5


class LeaseLostError(Exception):
    """Another bot took over: this one was silent for too long."""


class Lease:
    """`take` it before anything is read from Redis or Telegram, `keep` it, and `give_back`."""

    def __init__(self, redis: AsyncClient) -> None:
        self._redis = redis
        self._renew = redis.register_script(lua_script("intake/lease"))
        self._name = f"{_machine()} {os.getpid()} {secrets.token_hex(4)} "
        self._turns = count()
        self._valid_until = 0.0  # by the monotonic clock
        self._outage = Outage("Renewing the lease in Redis")
        self.state = "no lease yet"  # for /readyz

    async def take(self) -> None:
        """Wait until this is the bot that serves. Raises AuthenticationError."""
        seen, since, replaced = b"", time.monotonic(), b""
        while (holder := await self._ask(replaced)) is not None:
            if not seen:
                self.state = "another bot serves: this one waits"
                log.warning("Another bot serves with this Redis: this one waits until it is gone.")
            if holder != seen:
                seen, since = holder, time.monotonic()
            silent = time.monotonic() - since >= LASTS
            replaced = holder if silent or _is_gone(holder, self._name) else b""
            await asyncio.sleep(0 if replaced else LOOK_EVERY)
        self.state = OK
        if seen:
            log.info("The other bot is gone: this one serves now.")

    async def keep(self) -> None:
        """Renew it until cancelled. Raises LeaseLostError."""
        while True:
            await asyncio.sleep(RENEW_EVERY)
            # A refused password is waited out, as by the bot's other tasks: /readyz names it.
            if await self._ask(fatal=()) is not None:
                self.state = "another bot serves"
                raise LeaseLostError

    async def valid(self) -> None:
        """Return at once while the lease is held, otherwise once it is renewed.

        A process that was stopped for a while may find that another bot has taken over.
        """
        while time.monotonic() >= self._valid_until:  # noqa: ASYNC110 - time passes without an event
            await asyncio.sleep(0.1)

    async def give_back(self) -> None:
        """Let another bot take over at once. Raises redis.RedisError."""
        if self._valid_until:
            await self._renew(keys=[keys.LEASE], args=[self._name, "", "", 0])

    async def _ask(
        self,
        replaced: bytes = b"",
        *,
        fatal: tuple[type[Exception], ...] = (AuthenticationError,),
    ) -> bytes | None:
        """Take or renew the lease, also from the holder `replaced`; another holder, or None."""
        asked_at = time.monotonic()
        value = f"{self._name}{next(self._turns)}".encode()
        lasts_ms = round(1000 * LASTS)
        holder: bytes = await self._outage.outlast(
            lambda: self._renew(keys=[keys.LEASE], args=[self._name, value, replaced, lasts_ms]),
            fatal=fatal,
        )
        if holder != value:
            return holder
        self._valid_until = asked_at + LASTS
        return None


def _machine() -> str:
    """A name for this machine, or this container, since it started."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}-{Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # no Linux
        return f"{socket.gethostname()}-{secrets.token_hex(4)}"


def _is_gone(holder: bytes, ours: str) -> bool:
    """Whether the holder's process ran on this machine, and ended."""
    machine, pid, *_ = holder.decode(errors="replace").split(" ")
    if machine != ours.split(" ", maxsplit=1)[0] or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True  # of a former life of this container
    try:
        os.kill(int(pid), 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False
