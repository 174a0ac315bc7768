"""Refused photos and messages, kept until their senders have been told."""

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass

from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.dead_letters import bury_value
from model.common.queue.limits import Reason
from model.common.queue.messages import Address
from model.common.redis_tools.connection import AsyncClient
from model.common.redis_tools.keyring import Keyring
from model.common.redis_tools.serialization import Id, Serializable

logger = logging.getLogger(__name__)
NAME = re.compile(r"-?\d{1,19}:-?\d{1,19}(:\d{1,19})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The refusal of one message; nobody is told if it is `to` nobody."""

    to: Address | None
    reason: Reason
    limit: int = 0
    seconds: int = 0

    def fields(self, keyring: Keyring) -> tuple[str | bytes | int, ...]:
        """As `lua/intake/take_in.lua` wants it."""
        why = (self.reason, self.limit, self.seconds)
        if self.to is None:
            return ("", 0, "", *why)
        return (keyring.seal_name(self.to.told_in), self.to.message_id, self.to.language, *why)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPhotos(Serializable):
    """A refusal to tell one person of: `count` photos of theirs in one chat were not taken.

    Where the `reason` is "at_once", other messages and presses count as well.
    `message_id` was the first of them. `reason` is why the last one was refused, with the `limit`
    that it met, when `ahead` photos and answers were in the queue; after `seconds` there is room
    for another, as far as that is known. `since` is Unix time in seconds.
    """

    count: int
    message_id: Id
    language: str
    reason: Reason
    limit: int
    ahead: int
    seconds: int
    since: int


class RefusalLog:
    """All of them, by chat and person. They are written in the refusal's own transaction."""

    def __init__(self, redis: AsyncClient) -> None:
        self._redis = redis
        self._keyring = redis.keyring
        self._told = redis.register_script(lua_script("intake/told"))

    async def all(self, *, but: Collection[str] = ()) -> dict[str, RefusedPhotos]:
        """By "chat:person", or "chat:person:topic", `but` these. What cannot be read is buried."""
        found: dict[bytes, bytes] = await self._redis.hgetall(keys.REFUSED)  # type: ignore[misc]
        read = {}
        for name in found.keys() - {self._keyring.seal_name(place) for place in but}:
            text = found[name]
            try:
                place = self._keyring.open_name(name)
                if not NAME.fullmatch(place):
                    raise ValueError("its name is no chat and person")
                read[place] = RefusedPhotos.from_json(text)
            except ValueError as error:
                logger.error("refusal buried: %s", error)
                reason = str(error)
                await bury_value(self._redis, keys.REFUSED, name, of="refusals", reason=reason)
        return read

    async def told(self, name: str, count: int) -> None:
        """The person knows of `count` photos, or can never be told: forget these."""
        # At least once: dying just before this line tells of them again.
        await self._told(keys=[keys.REFUSED], args=[self._keyring.seal_name(name), count])
