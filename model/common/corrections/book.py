"""The bot's side of corrections: answers remembered, corrected, undone, forgotten."""

import logging
import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal

from model.common.corrections.answer_record import AnswerRecord, AnswerSummary, Choice, verdict
from model.common.corrections.store import KeptCorrection, opened
from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.limits import ANSWERS_MEGABYTES, MEGABYTE
from model.common.redis_tools.connection import AsyncClient
from model.common.redis_tools.serialization import Serializable

logger = logging.getLogger(__name__)

# How long an answer can be corrected.
REMEMBERED = 7 * 24 * 3600  # seconds
# Corrections that are counted at a time.
PAGE = 500
# Answers among which a person's last one in a chat is looked for.
LOOKED_THROUGH = 20

Consent = Literal["asked", "no", "yes"]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Counts of what was deleted of a person."""

    corrections: int
    answers: int
    consent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undone(Serializable):
    """A person's last /undo: the update that it came as, the answer, and the choice taken back."""

    mark: str
    id: str
    choice: Choice


class CorrectionBook:
    """Remembers answers for a week, and what people say about them.

    Every call can raise redis.RedisError, and may be repeated: what was done is not done twice.
    """

    def __init__(self, client: AsyncClient, megabytes: int = ANSWERS_MEGABYTES) -> None:
        self._most_bytes = megabytes * MEGABYTE
        self._redis: Any = client  # its types know neither bytes nor what is awaited
        self._keyring = client.keyring
        self._remember = client.register_script(lua_script("corrections/remember"))
        self._choose = client.register_script(lua_script("corrections/choose"))
        self._turn = client.register_script(lua_script("corrections/turn"))
        self._note = client.register_script(lua_script("corrections/note"))
        self._refuse = client.register_script(lua_script("corrections/refuse"))
        self._forget = client.register_script(lua_script("corrections/forget"))

    async def remember(self, answered: AnswerSummary) -> None:
        """Remember the answer before it is sent: its buttons may be pressed at once.

        Beyond the book's megabytes, the oldest answers are forgotten before their week is over.
        """
        now, person = time.time(), self._keyring.person(answered.address.user_id)
        await self._remember(
            keys=[
                self._record(answered.id),
                *(keys.ANSWERED_OF + person, keys.ANSWERED_ORDER, keys.ANSWERED_BYTES),
            ],
            args=[
                self._keyring.seal_record(answered, keys.ANSWERED),
                *(self._keyring.answer(answered.id), now, REMEMBERED, self._most_bytes),
                *(person, keys.ANSWERED, keys.ANSWERED_OF),
            ],
        )

    async def moved(self, answered: AnswerSummary, chat_id: int) -> None:
        """Remember that the answer is in this chat: its group has become a supergroup."""
        address = replace(answered.address, chat_id=chat_id, topic=None)
        sealed = self._keyring.seal_record(replace(answered, address=address), keys.ANSWERED)
        await self._note(keys=[self._record(answered.id)], args=["answer", sealed])

    async def find(self, answer_id: str) -> AnswerRecord | None:
        """The answer and what was said of it; None if it is too old, or was forgotten."""
        return await self._at(self._record(answer_id))

    async def latest(self, user_id: int, chat_id: int) -> AnswerRecord | None:
        """The last answer to a photo of this person in this chat; None as in `find`."""
        theirs = keys.ANSWERED_OF + self._keyring.person(user_id)
        for name in await self._redis.zrevrange(theirs, 0, LOOKED_THROUGH - 1):
            record = await self._at(keys.ANSWERED + name.decode())
            if record and record.answered.address.chat_id == chat_id:
                return record
        return None

    async def show_menu(self, answer_id: str, is_open: bool) -> None:
        """Note whether the classes are open under the answer: a new chart leaves them so."""
        await self._note(keys=[self._record(answer_id)], args=["menu", "1" if is_open else ""])

    async def album(self, answered: AnswerSummary) -> list[AnswerRecord | None]:
        """The answers of the album that this one belongs to, as `find` gives them."""
        return [await self.find(answer_id) for answer_id in answered.album]

    async def select(self, first_id: str, number: int) -> None:
        """Note which photo's buttons are open below an album; 0 for none."""
        value = str(number) if number else ""
        await self._note(keys=[self._record(first_id)], args=["selected", value])

    async def show_sheet(self, first_id: str, file_id: str) -> None:
        """Note which picture the message that answers an album shows."""
        sealed = self._keyring.seal(file_id.encode(), keys.ANSWERED)
        await self._note(keys=[self._record(first_id)], args=["sheet", sealed])

    async def choose(
        self, answer_id: str, label: int, *, user_id: int, edits: int
    ) -> AnswerRecord | None:
        """Note that the photo shows `label`, in place of what was said before; None as in `find`.

        The same label a second time changes nothing. What was kept of another label is deleted.
        """
        while True:
            record = await self.find(answer_id)
            if record is None:
                return None
            if record.choice and record.choice.label == label:
                if record.menu_open:
                    await self.show_menu(answer_id, False)
                return replace(record, menu_open=False)
            choice = Choice(
                label=label, by=self._keyring.person(user_id), edits=edits, made_at=time.time()
            )
            if changed := await self._change(record, choice):
                return changed

    async def take_back(self, record: AnswerRecord) -> AnswerRecord | None:
        """Note that nothing was said of this answer; None if somebody said more meanwhile."""
        return await self._change(record, None)

    async def undo(self, user_id: int, mark: str) -> tuple[AnswerRecord, Choice] | None:
        """Take back the person's last correction: the answer as it is now, and what was said.

        None if there is none. A second call with the same `mark` takes back nothing more and
        returns the same.
        """
        person = self._keyring.person(user_id)
        if done := await self._redis.get(keys.UNDONE + person):
            last = self._keyring.open_as(_Undone, done, keys.UNDONE)
            if last.mark == mark:
                record = await self._at(keys.ANSWERED + last.id)
                return (record, last.choice) if record else None
        theirs = keys.CORRECTIONS_BY + person
        while newest := await self._redis.zrevrange(theirs, 0, 0):
            name = newest[0].decode()
            record = await self._at(keys.ANSWERED + name)
            if record is None or record.choice is None or record.choice.by != person:
                await self._redis.zrem(theirs, name)
                continue
            undone = self._keyring.seal_record(
                _Undone(mark=mark, id=name, choice=record.choice), keys.UNDONE
            )
            if changed := await self._change(record, None, undone=undone):
                return changed, record.choice
        return None

    async def next_turn(self, record: AnswerRecord) -> AnswerRecord | None:
        """The same, with charts of before out of date; None as in `find`."""
        turn = int(await self._turn(keys=[self._record(record.answered.id)]))
        return replace(record, turn=turn) if turn >= 0 else None

    async def consent(self, user_id: int) -> Consent | None:
        """Whether the person lets us keep photos; None if they were never asked."""
        state = await self._redis.hget(keys.CONSENT, self._keyring.person(user_id))
        return state.decode() if state else None

    async def asked(self, user_id: int) -> None:
        """Note that the person was asked, if they have not answered already."""
        await self._redis.hsetnx(keys.CONSENT, self._keyring.person(user_id), "asked")

    async def allow(self, user_id: int) -> list[AnswerRecord]:
        """Note a "yes"; the corrected answers that are remembered and not kept yet."""
        person = self._keyring.person(user_id)
        await self._redis.hset(keys.CONSENT, person, "yes")
        names = [
            name.decode() for name in await self._redis.zrange(keys.ANSWERED_OF + person, 0, -1)
        ]
        if not names:
            return []
        kept = await self._redis.hmget(keys.CORRECTIONS, names)
        records = [
            await self._at(keys.ANSWERED + name)
            for name, sealed in zip(names, kept, strict=True)
            if sealed is None
        ]
        return [record for record in records if record and record.verdict == "wrong"]

    async def refuse(self, user_id: int) -> int:
        """Note a "no", and delete what was kept; how many corrections that were."""
        person = self._keyring.person(user_id)
        return int(await self._refuse(keys=keys.kept_of(person), args=[person]))

    async def kept_of(self, user_id: int) -> Forgotten:
        """What `forget` would delete of a person at this moment."""
        person = self._keyring.person(user_id)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zcard(keys.CORRECTIONS_OF + person)
            pipe.zcard(keys.ANSWERED_OF + person)
            pipe.hexists(keys.CONSENT, person)
            corrections, answers, consent = await pipe.execute()
        return Forgotten(corrections, answers, bool(consent))

    async def forget(self, user_id: int) -> Forgotten:
        """Delete all that was kept of a person, in one transaction.

        What is on its way to be kept is refused from then on: the consent is gone, too.
        """
        person = self._keyring.person(user_id)
        corrections, answers, consent = await self._forget(
            keys=[
                *keys.kept_of(person),
                *(keys.ANSWERED_OF + person, keys.CORRECTIONS_BY + person, keys.UNDONE + person),
                *(keys.ANSWERED_ORDER, keys.ANSWERED_BYTES),
            ],
            args=[person, keys.ANSWERED],
        )
        return Forgotten(corrections, answers, bool(consent))

    def person(self, user_id: int) -> str:
        """A person's name in Redis."""
        return self._keyring.person(user_id)

    async def new_by_label(self, since: float) -> Counter[int]:
        """How many corrections newer than `since` are kept for each label."""
        return Counter(each.label for each in await self.kept() if each.date > since)

    async def kept(self) -> list[KeptCorrection]:
        """Every kept correction, in no order. What another key sealed is left out."""
        # By id: what is kept meanwhile may have Redis show others a second time.
        found: dict[str, KeptCorrection] = {}
        cursor = 0
        while True:
            # In pages: to open 100,000 at once would hold everybody up for two seconds
            # (tests/bench/bench_scaling.py).
            cursor, page = await self._redis.hscan(keys.CORRECTIONS, cursor, count=PAGE)
            found |= {each.id: each for each in opened(self._keyring, page)}
            if not cursor:
                return list(found.values())

    async def _at(self, key: str) -> AnswerRecord | None:
        try:
            return AnswerRecord.opened(self._keyring, await self._redis.hgetall(key))
        except ValueError as error:  # Unsealable as well
            logger.warning("an answer cannot be read: %s", error)
            return None

    async def _change(
        self, record: AnswerRecord, choice: Choice | None, *, undone: bytes = b""
    ) -> AnswerRecord | None:
        """Put this choice in place of the record's; None if that changed, or the record went."""
        answered, before = record.answered, record.choice
        name = self._keyring.answer(answered.id)
        sealed = self._keyring.seal_record(choice, keys.ANSWERED) if choice else b""
        by, formerly_by = (each.by if each else "" for each in (choice, before))
        turn = int(
            await self._choose(
                keys=[
                    *(self._record(answered.id), keys.CORRECTIONS_COUNT),
                    *(keys.CORRECTIONS, keys.THUMBNAILS),
                    keys.CORRECTIONS_OF + self._keyring.person(answered.address.user_id),
                    *(keys.CORRECTIONS_BY + formerly_by, keys.CORRECTIONS_BY + by),
                    keys.UNDONE + formerly_by,
                ],
                args=[
                    *(name, record.sealed_choice, sealed),
                    *(record.verdict, verdict(answered, choice.label) if choice else ""),
                    *(time.time(), REMEMBERED, undone),
                ],
            )
        )
        if turn < 0:
            return None
        return replace(record, choice=choice, turn=turn, menu_open=False, sealed_choice=sealed)

    def _record(self, answer_id: str) -> str:
        return keys.ANSWERED + self._keyring.answer(answer_id)
