"""Takes finished answers from Redis, sends them, and acknowledges those that Telegram accepted."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from redis.exceptions import OutOfMemoryError
from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest, InvalidToken
from telegram.ext import ExtBot

from bot.background import Background
from bot.replies import keyboards
from bot.replies.albums.collector import AlbumCollector, Entry
from bot.replies.albums.mentions import Albums
from bot.replies.albums.summary import Finding, summary
from bot.replies.answer_outcomes import note_given_up, note_sent
from bot.replies.captions import sentence
from bot.replies.chat_actions import Signs
from bot.replies.corrected_answers import Redrawer
from bot.replies.day_counts import DayCounts
from bot.transport.delivery import KEEP_TRYING_SECONDS, MOST_UNKNOWN, UnknownOutcomes, deliver
from bot.transport.lease import Lease
from bot.transport.outage import Outage
from model.common import logs, metrics
from model.common.corrections.answer_record import AnswerRecord, AnswerSummary
from model.common.corrections.book import CorrectionBook
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.messages import Answer

log = logging.getLogger(__name__)

# Answers taken and not yet sent, some 100 KB each; the rest waits in Redis. Enough that one chat
# which Telegram slows down (about one message a second) does not use them up.
MOST_IN_FLIGHT = 2000
TAKE = 50
BLOCK_MS = 1000
# At the program's end, how long messages on their way may take.
LAST_SECONDS = 1.0


class AnswerSender:
    """Sends answers until it is stopped: in order within a chat, all chats at the same time."""

    def __init__(
        self,
        stream: AnswerStream,
        bot: ExtBot[int],
        signs: Signs,
        *,
        outcomes: UnknownOutcomes,
        lease: Lease,
        background: Background,
        book: CorrectionBook,
        redrawer: Redrawer,
        albums: Albums,
        counts: DayCounts,
    ) -> None:
        """`book` remembers answers, so that they can be corrected; `redrawer` shows those.

        `albums` know when an album is whole: its photos are answered by one message. `counts`
        counts what is sent.
        """
        self._counts = counts
        self._collector = AlbumCollector(albums, self._hand_over)
        self._stream = stream
        self._outcomes = outcomes
        self._lease = lease
        self._bot = bot
        self._background = background
        self._book = book
        self._redrawer = redrawer
        self._signs = signs  # shown until the answer is here
        self._chats: dict[int, deque[list[Entry]]] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_IN_FLIGHT)
        self._redis_outage = Outage("Taking answers from Redis")
        self._telegram_outage = Outage("Sending answers to Telegram")

    async def stop(self) -> None:
        """Once `run` is cancelled: let what is on its way arrive, for a moment.

        What does not is sent at the next start.
        """
        self._collector.stop()
        for waiting in self._chats.values():
            while len(waiting) > 1:
                waiting.pop()
        sent = asyncio.gather(*self._sending, return_exceptions=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(sent, LAST_SECONDS)

    async def run(self) -> None:
        """Take answers and send them, for ever."""
        take = partial(self._stream.take, TAKE, BLOCK_MS)
        while True:
            # Whatever is wrong with these, later answers still have to be sent.
            entries = await self._redis_outage.outlast(take, passing=(Exception,))
            for entry, answer in entries:
                await self._room.acquire()
                self._signs.end(answer.id)
                if answer.address.album and answer.correction is None:
                    self._collector.add(entry, answer)
                else:
                    self._hand_over([(entry, answer)])

    def _hand_over(self, entries: list[Entry]) -> None:
        """Send these by one message, after those that wait for the same chat."""
        chat_id = entries[0][1].address.chat_id
        if waiting := self._chats.get(chat_id):
            waiting.append(entries)
            return
        self._chats[chat_id] = deque([entries])
        task = self._background.start(self._serve(chat_id), f"chat {chat_id}", finite=True)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _serve(self, chat_id: int) -> None:
        """Send a chat's answers one after the other until there is none left."""
        waiting = self._chats[chat_id]
        try:
            while waiting:
                entries = waiting[0]
                answers = [answer for _, answer in entries]
                with logs.about(*(answer.id for answer in answers)):
                    await self._send(answers)
                    # At-least-once: Telegram has the message (or will never take it), and only now
                    # is it forgotten. A crash before this line sends it a second time.
                    for entry, _ in entries:
                        await self._redis_outage.outlast(partial(self._stream.done, entry))
                        self._room.release()
                waiting.popleft()
        finally:
            del self._chats[chat_id]

    async def _send(self, answers: Sequence[Answer]) -> None:
        """Return when Telegram accepted the answer, or when there is no hope that it will.

        Several answers are those to an album.
        """
        answer, started = answers[0], time.monotonic()
        unknown = 0

        async def note_unknown() -> int:
            nonlocal unknown
            unknown = await self._redis_outage.outlast(lambda: self._outcomes.note(answer.id))
            return unknown

        error = await deliver(
            # The last time without its picture: what cuts the connection may do so as it is
            # too large.
            lambda: self._send_once(answers, with_picture=unknown < MOST_UNKNOWN),
            what=f"Answer {answer.id}",
            outage=self._telegram_outage,
            give_up_at=answer.sent_at + KEEP_TRYING_SECONDS,
            unknown=note_unknown,
            most_cut_off=MOST_UNKNOWN + 1,
            retried=metrics.SEND_RETRIED.inc,
        )
        if error:
            note_given_up(answer, error)
            return
        for each in answers:
            whole = note_sent(each, time.monotonic() - started)
            if each.correction is None:
                self._counts.add_answer(each, whole)

    async def _send_once(self, answers: Sequence[Answer], *, with_picture: bool) -> None:
        answer = answers[0]
        await self._lease.valid()  # else another bot sends it
        if len(answers) > 1:
            await self._reply_to_album(answers, with_picture=with_picture)
        elif answer.correction is None:
            await self._reply(answer, with_picture=with_picture)
        else:
            await self._redrawer.show(answer, answer.correction)

    async def _remembered(
        self, answer: Answer, album: tuple[str, ...] = ()
    ) -> AnswerSummary | None:
        """The answer, once it is remembered; None if it cannot be corrected."""
        answered = AnswerSummary.of(answer, album)
        if answered is None or not keyboards.fits(answer.id):
            return None
        try:
            # Without Redis nobody could note that the answer is sent: it waits, and is sent once.
            await self._redis_outage.outlast(
                partial(self._book.remember, answered), fatal=(OutOfMemoryError,)
            )
        except OutOfMemoryError as error:
            log.warning("Answer %s is sent without its buttons: %s", answer.id, error)
            return None
        return answered

    async def _reply(self, answer: Answer, *, with_picture: bool) -> None:
        answered = await self._remembered(answer)
        buttons = keyboards.judging(answered) if answered else None
        picture = answer.picture if with_picture else b""
        sent = await self._post(answer, sentence(answer), picture, buttons)
        await self._follow(answered, sent)

    async def _follow(self, answered: AnswerSummary | None, sent: Message) -> None:
        """Remember where the answer is, if its group has become a supergroup with another id."""
        if answered and sent.chat.id != answered.address.chat_id:
            await self._redis_outage.outlast(lambda: self._book.moved(answered, sent.chat.id))

    async def _reply_to_album(self, answers: Sequence[Answer], *, with_picture: bool) -> None:
        """Send one message: a picture of all photos, how many show what, and their numbers."""
        ids = tuple(answer.id for answer in answers)
        known = [await self._remembered(answer, ids) for answer in answers]
        records = [AnswerRecord(answered=each) if each else None for each in known]
        findings = [Finding(each.prediction, refusal=each.refusal) for each in answers]
        language, correctable = answers[0].address.language, any(known)
        text = summary(findings, language, correctable=correctable)
        buttons = keyboards.album(records, 0) if correctable else None
        picture = b""
        if with_picture:
            from bot.replies.albums.sheet import sheet  # noqa: PLC0415 - brings the typeface in

            picture = await asyncio.to_thread(sheet, [answer.picture for answer in answers])
        sent = await self._post(answers[0], text, picture, buttons)
        for each in known:
            await self._follow(each, sent)
        first = next((each for each in known if each), None)
        if first:
            await self._redrawer.note_sheet(first, sent)

    async def _post(
        self, answer: Answer, text: str, picture: bytes, buttons: InlineKeyboardMarkup | None
    ) -> Message:
        """Reply to the answer's photo, without the picture where Telegram does not take it."""
        to = answer.address
        options: dict[str, Any] = {
            "chat_id": to.chat_id,
            "reply_to_message_id": to.message_id,
            "allow_sending_without_reply": True,
            "message_thread_id": to.topic,
            "reply_markup": buttons,
            "rate_limit_args": 1,
        }
        if picture:
            try:
                return await self._bot.send_photo(
                    photo=picture, filename="answer.jpg", caption=text, **options
                )
            except (BadRequest, InvalidToken) as error:
                # A group may forbid pictures, and a small server of the Bot API may not know
                # sendPhoto (404, which the library takes for a wrong token). The words say it too.
                log.info("Answer %s is sent without its picture: %s", answer.id, error)
        return await self._bot.send_message(text=text, **options)
