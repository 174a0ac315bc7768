"""The bot's end of the photos' streams: submit, admit, and how much there is to do."""

from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.backlog import Load
from model.common.queue.heartbeats import WORKERS, WorkerStatus
from model.common.queue.limits import MEGABYTE, Limits, Reason
from model.common.queue.messages import PhotoJob
from model.common.redis_tools.connection import AsyncClient

REMEMBERED = 24 * 3600  # seconds for which a second submit of the same id is known as such

REASONS: dict[bytes, Reason] = {b"too_many": "too_many", b"too_fast": "too_fast", b"full": "full"}


class QueueFull(Exception):
    """There is no room for this photo: in the queue, or among what this person may have in it.

    `waiting` photos and answers are in the queue, and after `seconds` the person could try again,
    as far as that is known.
    """

    def __init__(self, reason: Reason, waiting: int, seconds: int = 0) -> None:
        super().__init__(f"There is no room for this photo ({reason}): {waiting} are waiting.")
        self.reason: Reason = reason
        self.waiting = waiting
        self.seconds = seconds


class PhotoQueue:
    """The bot's end of the photos' streams, and what `/status` shows of them."""

    def __init__(self, redis: AsyncClient, limits: Limits | None = None) -> None:
        self._redis = redis
        self._keyring = redis.keyring
        self._limits = limits or Limits()
        self._submit = redis.register_script(lua_script("photos/submit"))
        self._forget = redis.register_script(lua_script("photos/forget_person"))

    async def admit(self, job: PhotoJob, size: int = 0) -> bool:
        """Whether the photo is still to be submitted: False if that was done before.

        To be asked before the image is fetched: nothing is queued, `job` needs no image yet, and
        `size` is its bytes as far as they are known. Raises QueueFull as `submit` would.
        """
        state, _ = await self._enter("admit", job, size)
        return state != b"known"

    async def submit(self, job: PhotoJob) -> int:
        """Queue the photo; returns how many are currently ahead of it.

        An id that was submitted in the last 24 hours adds nothing, answered or not: Telegram may
        deliver an update twice, and a call whose outcome is unknown may be repeated.
        Raises QueueFull. A photo's refusal is in Redis then, for `bot.replies.refusal_notices` to
        tell of, and the same id is refused for ten minutes. That of a correction is left to the
        caller.
        """
        entry = job.to_fields(self._keyring)
        texts = (entry[b"meta"], entry[b"body"])
        _, ahead = await self._enter("submit", job, len(entry[b"body"]), texts)
        return ahead

    async def _enter(
        self,
        how: str,
        job: PhotoJob,
        size: int,
        entry: tuple[bytes, bytes] = (b"", b""),
    ) -> tuple[bytes, int]:
        limits, to = self._limits, job.address
        person = self._keyring.person(to.user_id)
        state, ahead, seconds = await self._submit(
            keys=[
                *(*keys.QUEUE, keys.ANSWERS, keys.REFUSED),
                *(keys.SUBMITTED + job.id, keys.PACE + person, keys.TEMPO),
            ],
            args=[
                *(how, job.kind, person, size),
                *(limits.per_minute, limits.waiting, limits.photos, limits.megabytes * MEGABYTE),
                *(REMEMBERED, self._keyring.seal_name(to.told_in), to.message_id, to.language),
                *(*entry, limits.seconds),
            ],
        )
        if state in REASONS:
            raise QueueFull(REASONS[state], ahead, seconds)
        return state, ahead

    async def forget(self, user_id: int) -> int:
        """Delete the person's photos that wait to be redrawn, or were set aside; how many.

        Photos that wait for their first answer stay: they are deleted with it.
        """
        person = self._keyring.person(user_id)
        deleted = await self._forget(
            keys=[*keys.QUEUE, keys.DEAD, keys.PACE + person],
            args=[keys.WORKERS_GROUP, person],
        )
        return int(deleted)

    async def load(self) -> Load:
        """How much there is to do."""
        return await Load.read_async(self._redis)

    async def workers(self) -> list[WorkerStatus]:
        """The workers seen in the last 30 seconds."""
        return await WORKERS.alive_async(self._redis)
