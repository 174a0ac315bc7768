"""Heartbeats of the running processes, by Redis's clock."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Generic, TypeVar, cast

import redis
import redis.asyncio
from pydantic import Field

from model.common.lua import lua_script
from model.common.queue import keys
from model.common.redis_tools.serialization import Serializable

# Seconds between two signs of life of a trainer.
TRAINER_EVERY = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerStatus(Serializable):
    """A worker's report. It was seen `silent` seconds ago, which only a reader knows."""

    name: str
    model: str
    answered: int
    silent: Annotated[float, Field(exclude=True)] = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerStatus(Serializable):
    """A trainer's report. It was seen `silent` seconds ago, which only a reader knows.

    `photos` counts the clothing photos that it trains on, by class and last those of none; it is
    empty if there are none.
    """

    name: str
    photos: tuple[int, ...] = ()
    silent: Annotated[float, Field(exclude=True)] = 0.0


S = TypeVar("S", bound=WorkerStatus | TrainerStatus)
logger = logging.getLogger(__name__)


class Heartbeats(Generic[S]):
    """The processes of one kind. One that was not seen for `alive` seconds counts as dead.

    Calls raise redis.RedisError.
    """

    def __init__(self, key: str, kind: type[S], *, alive: float) -> None:
        self._keys = [key, keys.SEEN + key.removeprefix(keys.PREFIX)]
        self._kind = kind
        self._alive = alive
        self._publish = lua_script("heartbeats/publish")
        self._read = lua_script("heartbeats/alive")

    def publish(self, client: redis.Redis, status: S) -> None:
        """Show `status`, and clear away those of processes that ended without a word."""
        arguments: list[Any] = [status.name, status.to_json(), self._alive]
        client.register_script(self._publish)(keys=self._keys, args=arguments)

    def withdraw(self, client: redis.Redis, name: str) -> None:
        """Take a status away: its process stops."""
        with client.pipeline(transaction=True) as transaction:
            transaction.hdel(self._keys[0], name)
            transaction.zrem(self._keys[1], name)
            transaction.execute()

    def alive(self, client: redis.Redis) -> list[S]:
        """Those that were seen lately, by name."""
        return self._statuses(
            client.register_script(self._read)(keys=self._keys, args=[self._alive])
        )

    async def alive_async(self, client: redis.asyncio.Redis) -> list[S]:
        """The same for an event loop."""
        script = client.register_script(self._read)
        return self._statuses(await script(keys=self._keys, args=[self._alive]))

    def _statuses(self, flat: Any) -> list[S]:
        found: list[S] = []
        for text, silent in zip(flat[::2], flat[1::2], strict=True):
            try:
                status = self._kind.from_json(text)
            except ValueError:
                continue  # it goes once its time is over
            found.append(cast("S", replace(status, silent=silent / 1000)))
        return sorted(found, key=lambda status: status.name)


WORKERS = Heartbeats(keys.WORKERS, WorkerStatus, alive=30.0)
TRAINERS = Heartbeats(keys.TRAINERS, TrainerStatus, alive=12.0)


def show(publish: Callable[[], None]) -> None:
    """Publish a status if Redis takes it, without waiting: the work must go on.

    Out of memory Redis refuses it, and it is the work that makes room. Raises
    redis.AuthenticationError.
    """
    try:
        publish()
    except redis.AuthenticationError:
        raise
    except redis.RedisError as error:
        logger.info("the heartbeat could not be sent: %s", error)
