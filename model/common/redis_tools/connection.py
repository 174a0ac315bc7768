"""Redis clients that treat a server that answers but will not work as one that is away.

After a failover behind one address an open connection may lead to a replica that refuses every
write, and would go on leading there. So such a connection is dropped, and the next try may reach
the server that does its work. Callers that wait for a Redis that is away wait for this, too.
"""

import asyncio
import re
from typing import Any

import redis
import redis.asyncio
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialBackoff
from redis.client import Pipeline
from redis.exceptions import AskError, ClusterDownError, MasterDownError, NoPermissionError
from redis.retry import Retry

from model.common.redis_tools.data_key import keyring
from model.common.redis_tools.keyring import Keyring
from model.common.settings import Settings

# Longer than any `block_ms` in use: a read that waits for entries is not a dead connection.
_OPTIONS: dict[str, Any] = {
    "socket_timeout": 15,
    "socket_connect_timeout": 5,
    "health_check_interval": 30,
}
# For a hiccup: about a second in all. Callers retry for longer, and log it.
_RETRIES = 2
# With these words Redis says that it does not do its work now. An error of a script has them in it.
_UNWILLING = re.compile(
    r"\b(READONLY|NOREPLICAS|MISCONF|NOPERM|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY)\b"
    r"|The user executing the script can't"  # Redis 6.2 for NOPERM
)
_UNWILLING_TYPES = (redis.ReadOnlyError, NoPermissionError, MasterDownError, ClusterDownError)
_OUT_OF_MEMORY = re.compile(r"\bOOM\b")


class UnwillingError(redis.ConnectionError):
    """Redis answers, but will not do its work: it is a replica, cannot write to its disk, …"""


def named(error: redis.ResponseError) -> redis.RedisError:
    """The same error, or the one that it stands for: UnwillingError or redis.OutOfMemoryError."""
    text = str(error)
    if isinstance(error, AskError):  # and MovedError, with the slot and the address
        place = text.rpartition(" ")[2]
        return UnwillingError(
            f"Redis is a node of a cluster, and another has what we keep: name it, {place}, in "
            "REDIS_URL"
        )
    if isinstance(error, _UNWILLING_TYPES) or _UNWILLING.search(text):
        return UnwillingError(f"Redis refuses to work: {text}")
    if _OUT_OF_MEMORY.search(text):
        return redis.OutOfMemoryError(text)
    return error


class _Dropped:
    """Mixin for connections that drops them once Redis is unwilling."""

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        """As the library's. Raises UnwillingError as well."""
        try:
            return super().read_response(*args, **kwargs)  # type: ignore[misc]
        except redis.ResponseError as error:
            if isinstance(problem := named(error), UnwillingError):
                self.disconnect()  # type: ignore[attr-defined]
            raise problem from error


class _DroppedAsync(AbstractConnection):
    """The same for an event loop."""

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        """As the library's, which makes a task of each command before Python 3.12.

        That is 6% of the CPU that a photo takes in the bot. Raises redis.TimeoutError and
        redis.ConnectionError.
        """
        if not self.is_connected:
            await self.connect_check_health(check_health=False)
        if check_health:
            await self.check_health()  # type: ignore[no-untyped-call]
        try:
            async with asyncio.timeout(self.socket_timeout):
                await self._send_packed_command(command)
        except BaseException as error:
            # What went out may be half a command: nothing may follow it.
            await self.disconnect(nowait=True)
            if isinstance(error, TimeoutError):
                raise redis.TimeoutError("Timeout writing to socket") from None
            if isinstance(error, OSError):
                raise redis.ConnectionError(f"Error while writing to socket: {error}") from error
            raise

    async def read_response(self, *args: Any, **kwargs: Any) -> Any:
        """As the library's. Raises UnwillingError as well."""
        try:
            return await super().read_response(*args, **kwargs)
        except redis.ResponseError as error:
            if isinstance(problem := named(error), UnwillingError):
                await self.disconnect(nowait=True)
            raise problem from error


class SealingPipeline(Pipeline):
    """Commands that a Client sends together."""

    keyring: Keyring


class Client(redis.Redis):
    """A client of the Redis whose contents the `keyring` seals; for what may block."""

    keyring: Keyring

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> SealingPipeline:
        """As the library's, and seals."""
        made = SealingPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )
        made.keyring = self.keyring
        return made


class AsyncClient(redis.asyncio.Redis):
    """The same for the bot's event loop."""

    keyring: Keyring


def connect(settings: Settings) -> Client:
    """A client for a worker; it speaks in bytes, and tries again if the connection hiccups.

    SystemExit with a sentence if the key cannot be used.
    """
    client: Client = _prepared(Client, _Dropped, Retry, settings)
    return client


def connect_async(settings: Settings) -> AsyncClient:
    """As `connect`, for the bot's event loop."""
    client: AsyncClient = _prepared(AsyncClient, _DroppedAsync, AsyncRetry, settings)
    return client


def _prepared(kind: Any, dropped: type, retry: Any, settings: Settings) -> Any:
    retries = retry(ExponentialBackoff(cap=0.5, base=0.05), _RETRIES)
    client = kind.from_url(settings.redis_address, retry=retries, **_OPTIONS)
    pool = client.connection_pool
    pool.connection_class = type(dropped.__name__, (dropped, pool.connection_class), {})
    client.keyring = keyring(settings)
    return client
