"""The slot that holds the one retraining there may be, for everybody to see.

    bot, shell                          Redis                              trainer
    ask ──▶ waiting ──────────────── take ──▶ running: keep, report ──▶ finish ──▶ finished
    cancel (at any time before "publishing")                                          │
    look (at any time)                                         clear: it was told  ◀──┘

What holds:

- Two retrainings never run at the same time: a second `ask` is "busy" until the first was cleared.
- A retraining belongs to one attempt, by its token. One that lost it (taken for dead) can neither
  report nor finish, and hears of it at its next call.
- Whatever dies, the slot moves on: a trainer that gave no sign of life for LEASE seconds loses the
  job to the next, and after MOST_ATTEMPTS the job is finished as failed. Every `look` sees to it.
- Its outcome stays until `clear`: it is told at least once.

Errors are redis-py's. Every call may be repeated: a repetition finds done what was done.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from model.common.lua import lua_script
from model.common.queue import keys
from model.common.redis_tools.connection import AsyncClient, Client
from model.common.redis_tools.keyring import Keyring
from model.common.retraining.messages import CANCELLED, DIED, Outcome, RetrainJob, RetrainProgress

logger = logging.getLogger(__name__)

LEASE = 20.0  # seconds without a sign of life after which a trainer is taken for dead
CANCEL_LEASE = 5.0  # the same where somebody waits for the retraining's end
MOST_ATTEMPTS = 2
REMEMBERED = 24 * 3600  # seconds for which a repeated `ask`, `release` or `finish` is known as such

State = Literal["waiting", "running", "finished"]
Asked = Literal["asked", "known", "busy"]
Cancelled = Literal["idle", "finished", "late", "cancelling", "cancelled"]
SlotState = Literal["held", "cancelled", "finished", "lost"]
Released = Literal["released", "finished", "lost"]

_KEYS = [keys.RETRAINING, keys.RETRAINING_ALBUM]
_NAME = keys.RETRAINING + ":cancelled_by"  # where the name is sealed for


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The slot at one moment.

    `attempts` counts those begun, the running one included. `message_id` is the message that
    follows the job in its chat, 0 for none; `told` how many steps of telling its outcome are done;
    `silent` for how many seconds who runs it gave no sign of life.
    """

    job: RetrainJob
    state: State
    attempts: int
    started_at: float | None
    progress: RetrainProgress | None
    cancelled_by: str | None
    outcome: Outcome | None
    message_id: int
    told: int
    silent: float = 0.0


class _SlotScripts:
    """What both ends of the slot share. From asyncio's client a reply is to be awaited."""

    def __init__(self, client: Client | AsyncClient, *, lease: float = LEASE) -> None:
        self._redis: Any = client  # its types do not know what is awaited
        self._keyring = client.keyring
        # What every script's arguments begin with: see lua/retraining/slot.lua.
        outcomes = CANCELLED.to_json(), DIED.to_json()
        self._common = [*outcomes, lease, min(lease, CANCEL_LEASE), MOST_ATTEMPTS]

    def _run(self, script: str, *arguments: Any, key: str | None = None) -> Any:
        return self._redis.register_script(lua_script(f"retraining/{script}"))(
            keys=[*_KEYS, key] if key else _KEYS, args=[*self._common, *arguments]
        )

    def _ask(self, job: RetrainJob) -> Any:
        sealed = self._keyring.seal_record(job, keys.RETRAINING)
        about = job.id, sealed, int(job.chat_id != 0), REMEMBERED
        return self._run("ask", *about, key=keys.RETRAINING_ASKED + job.id)

    def _cancel(self, name: str) -> Any:
        return self._run("cancel", self._keyring.seal(name.encode(), _NAME))

    def _pictures(self, sealed: list[bytes]) -> list[bytes]:
        return [self._keyring.open(each, keys.RETRAINING_ALBUM) for each in sealed]


class Slot(_SlotScripts):
    """The slot for the trainer and the shell."""

    def ask(self, job: RetrainJob) -> Asked:
        """Put the job into the slot, unless there is one, or this very one was there before.

        A finished job of a shell gives way: nobody is waiting for its outcome any more.
        """
        return cast("Asked", self._ask(job).decode())

    def cancel(self, name: str) -> Cancelled:
        """Have the retraining end: at once if it waits, else within seconds.

        "late" means that its model is being published.
        """
        return cast("Cancelled", self._cancel(name).decode())

    def look(self) -> Snapshot | None:
        """What is in the slot; None if nothing is."""
        return self._read("look")

    def take(self, token: str) -> Snapshot | None:
        """The job for a new attempt, which is the token's from now on; None if none waits."""
        return self._read("take", token)

    def keep(self, token: str) -> SlotState:
        """Give a sign of life; whether to go on."""
        return cast("SlotState", self._of("keep", token).decode())

    def report(self, token: str, progress: RetrainProgress) -> SlotState:
        """Show how far it is; whether to go on.

        Once it returned "held" for the stage "publishing", nobody can cancel any more.
        """
        reply = self._of("keep", token, progress.stage, progress.to_json())
        return cast("SlotState", reply.decode())

    def release(self, token: str, *, counted: bool, died: Outcome = DIED) -> Released:
        """End the attempt without an outcome: the job waits for the next.

        If it was cancelled, or this was the last attempt, it is finished instead, with `died`. An
        attempt that was cut off in good order is not `counted`. Nothing changes if the attempt
        had "finished" the job, even if the slot was cleared since, or if the token is "lost".
        """
        reply = self._of("release", token, REMEMBERED, int(counted), died.to_json())
        return cast("Released", reply.decode())

    def finish(self, token: str, outcome: Outcome, pictures: Sequence[bytes] = ()) -> bool:
        """Leave the outcome, to be told. False if the token is lost, and nothing was changed."""
        sealed = (self._keyring.seal(each, keys.RETRAINING_ALBUM) for each in pictures)
        return bool(self._of("finish", token, REMEMBERED, outcome.to_json(), *sealed))

    def album(self) -> list[bytes]:
        """The outcome's pictures, PNG."""
        return self._pictures(self._redis.lrange(keys.RETRAINING_ALBUM, 0, -1))

    def clear(self, job_id: str) -> None:
        """Empty the slot: the outcome was told. It stays if another job is in it."""
        self._run("clear", job_id)

    def _of(self, script: str, token: str, *arguments: Any) -> Any:
        """A script about the attempt with this token."""
        return self._run(script, token, *arguments, key=keys.RETRAINING_ENDED + token)

    def _read(self, script: str, *arguments: str) -> Snapshot | None:
        flat = self._run(script, *arguments)
        snapshot = _snapshot(flat, self._keyring)
        if flat and snapshot is None:
            self._redis.delete(*_KEYS)
        return snapshot


class ChatSlot(_SlotScripts):
    """The slot for the bot: the same, asyncio, and with what is noted while an outcome is told."""

    def job_id(self, *confirmation: int) -> str:
        """The id of the job that a confirmation, known by these numbers, asks for.

        It stands in Redis and in logs, so it is a keyed hash: the numbers would say who asked.
        """
        return f"r{self._keyring.digest('retraining', *confirmation)[:16]}"

    async def ask(self, job: RetrainJob) -> Asked:
        """As `Slot.ask`."""
        return cast("Asked", (await self._ask(job)).decode())

    async def cancel(self, name: str) -> Cancelled:
        """As `Slot.cancel`."""
        return cast("Cancelled", (await self._cancel(name)).decode())

    async def look(self) -> Snapshot | None:
        """As `Slot.look`."""
        flat = await self._run("look")
        snapshot = _snapshot(flat, self._keyring)
        if flat and snapshot is None:
            await self._redis.delete(*_KEYS)
        return snapshot

    async def follow_in(self, job_id: str, message_id: int) -> None:
        """From now on this message follows the job, whose own is gone."""
        await self._run("note", job_id, "message_id", message_id)

    async def note_told(self, job_id: str, steps: int) -> None:
        """Record how many steps of telling the outcome are done: they are not repeated."""
        await self._run("note", job_id, "told", steps)

    async def album(self) -> list[bytes]:
        """As `Slot.album`."""
        return self._pictures(await self._redis.lrange(keys.RETRAINING_ALBUM, 0, -1))

    async def clear(self, job_id: str) -> None:
        """As `Slot.clear`."""
        await self._run("clear", job_id)


def _snapshot(flat: list[bytes], keyring: Keyring) -> Snapshot | None:
    """Read the slot's hash; None if there is none, or it is not one of ours, which is logged."""
    values = dict(zip(flat[::2], flat[1::2], strict=True))
    if not values:
        return None
    try:
        return _read(values, keyring)
    except ValueError as error:
        logger.error("the slot held no readable retraining and was emptied: %s", error)
        return None


def _read(values: dict[bytes, bytes], keyring: Keyring) -> Snapshot:
    job, progress, outcome = (values.get(name) for name in (b"job", b"progress", b"outcome"))
    cancelled_by, started = values.get(b"cancelled_by"), values.get(b"started")
    if job is None:
        raise ValueError("it has no job")
    read = keyring.open_as(RetrainJob, job, keys.RETRAINING)
    state = values.get(b"state", b"").decode(errors="replace")
    if state not in get_args(State):
        raise ValueError("it has no state")
    return Snapshot(
        job=read,
        state=cast("State", state),
        attempts=int(values.get(b"attempts", 0)),
        started_at=float(started) if started else None,
        progress=RetrainProgress.from_json(progress) if progress else None,
        cancelled_by=keyring.open(cancelled_by, _NAME).decode() if cancelled_by else None,
        outcome=Outcome.from_json(outcome) if outcome else None,
        message_id=int(values.get(b"message_id", read.message_id)),
        told=int(values.get(b"told", 0)),
        silent=float(values.get(b"silent", 0)),
    )
