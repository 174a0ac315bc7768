"""Takes finished answers from Redis, sends them, and acknowledges those that Telegram accepted."""

import asyncio
import logging
import time
from collections import deque

from redis.exceptions import OutOfMemoryError
from telegram import InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.background import Background
from bot.replies import keyboards
from bot.replies.captions import sentence
from bot.replies.chat_actions import Signs
from bot.replies.corrected_answers import Redrawer
from bot.transport.delivery import MOST_UNKNOWN, UnknownOutcomes, deliver
from bot.transport.retry import Outage
from model.common import logs, metrics
from model.common.corrections.answer_record import AnswerSummary
from model.common.corrections.book import CorrectionBook
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.messages import Answer

log = logging.getLogger(__name__)

# Answers taken and not yet sent, some 100 KB each; the rest waits in Redis. Enough that one chat
# which Telegram slows down (about one message a second) does not use them up.
MOST_IN_FLIGHT = 2000
TAKE = 50
BLOCK_MS = 1000
# An answer that Telegram has not accepted for so long is of no use to anybody.
KEEP_TRYING_SECONDS = 24 * 3600
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
        background: Background,
        book: CorrectionBook,
        redrawer: Redrawer,
    ) -> None:
        """`book` remembers answers, so that they can be corrected; `redrawer` shows those."""
        self._stream = stream
        self._outcomes = outcomes
        self._bot = bot
        self._background = background
        self._book = book
        self._redrawer = redrawer
        self._signs = signs  # shown until the answer is here
        self._taking: asyncio.Task[None] | None = None
        self._chats: dict[int, deque[tuple[bytes, Answer]]] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_IN_FLIGHT)
        self._redis_outage = Outage("Taking answers from Redis")
        self._telegram_outage = Outage("Sending answers to Telegram")

    def start(self) -> None:
        """Begin to take and send, in the background."""
        self._taking = self._background.start(self._take(), "answers")

    async def stop(self) -> None:
        """Let what is on its way arrive, for a moment. What does not is sent at the next start."""
        if self._taking:
            self._taking.cancel()
            await asyncio.gather(self._taking, return_exceptions=True)
        for waiting in self._chats.values():
            while len(waiting) > 1:
                waiting.pop()
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take(self) -> None:
        attempt = 0
        while True:
            try:
                entries = await self._stream.take(TAKE, BLOCK_MS)
            except Exception as error:  # whatever it is, later answers still have to be sent
                await self._redis_outage.wait(error, attempt)
                attempt += 1
                continue
            attempt = 0
            self._redis_outage.over()
            for entry, answer in entries:
                await self._room.acquire()
                self._hand_over(entry, answer)

    def _hand_over(self, entry: bytes, answer: Answer) -> None:
        self._signs.end(answer.id)
        chat_id = answer.address.chat_id
        if waiting := self._chats.get(chat_id):
            waiting.append((entry, answer))
            return
        self._chats[chat_id] = deque([(entry, answer)])
        task = self._background.start(self._serve(chat_id), f"chat {chat_id}", finite=True)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _serve(self, chat_id: int) -> None:
        """Send a chat's answers one after the other until there is none left."""
        waiting = self._chats[chat_id]
        try:
            while waiting:
                entry, answer = waiting[0]
                with logs.about(answer.id):
                    await self._send(answer)
                    # At-least-once: Telegram has the message (or will never take it), and only now
                    # is it forgotten. A crash before this line sends it a second time.
                    await self._acknowledge(entry)
                waiting.popleft()
                self._room.release()
        finally:
            del self._chats[chat_id]

    async def _send(self, answer: Answer) -> None:
        """Return when Telegram accepted the answer, or when there is no hope that it will."""
        started = time.monotonic()
        unknown = 0

        async def note_unknown() -> int:
            nonlocal unknown
            unknown = await self._redis_outage.outlast(lambda: self._outcomes.note(answer.id))
            return unknown

        try:
            error = await deliver(
                # The last time without its picture: what cuts the connection may do so as it is
                # too large.
                lambda: self._send_once(answer, with_picture=unknown < MOST_UNKNOWN),
                what=f"Answer {answer.id}",
                outage=self._telegram_outage,
                give_up_at=answer.sent_at + KEEP_TRYING_SECONDS,
                unknown=note_unknown,
                most_cut_off=MOST_UNKNOWN + 1,
                retried=metrics.SEND_RETRIED.inc,
            )
        except Exception:
            metrics.GIVEN_UP.labels("error").inc()
            log.exception("Answer %s is given up.", answer.id)
            return
        if error is None:
            _note_sent(answer, time.monotonic() - started)
            return
        reason = _reason(error)
        metrics.GIVEN_UP.labels(reason).inc()
        if reason == "too_old":
            log.warning("Answer %s is given up, it is too old: %s", answer.id, error)
        else:
            log.warning("Answer %s cannot be sent: %s", answer.id, error)

    async def _send_once(self, answer: Answer, *, with_picture: bool) -> None:
        if answer.correction is None:
            await self._reply(answer, with_picture=with_picture)
        else:
            await self._redrawer.show(answer, answer.correction)

    async def _buttons(self, answer: Answer) -> InlineKeyboardMarkup | None:
        """The correction buttons, once the answer is remembered; None if it cannot be corrected."""
        answered = AnswerSummary.of(answer)
        if answered is None or not keyboards.fits(answer.id):
            return None
        try:
            # Without Redis nobody could note that the answer is sent: it waits, and is sent once.
            await self._redis_outage.outlast(
                lambda: self._book.remember(answered), fatal=(OutOfMemoryError,)
            )
        except OutOfMemoryError as error:
            log.warning("Answer %s goes without its buttons: %s", answer.id, error)
            return None
        return keyboards.judging(answered)

    async def _reply(self, answer: Answer, *, with_picture: bool) -> None:
        buttons = await self._buttons(answer)
        text = sentence(answer)
        reply = ReplyParameters(answer.address.message_id, allow_sending_without_reply=True)
        if answer.picture and with_picture:
            try:
                await self._bot.send_photo(
                    answer.address.chat_id,
                    answer.picture,
                    caption=text,
                    reply_parameters=reply,
                    reply_markup=buttons,
                    filename="answer.jpg",
                    message_thread_id=answer.address.topic,
                    rate_limit_args=1,
                )
                return
            except (BadRequest, InvalidToken) as error:
                # A group may forbid pictures, and a small server of the Bot API may not know
                # sendPhoto (404, which the library takes for a wrong token). The words say it too.
                log.info("Answer %s goes without its picture: %s", answer.id, error)
        await self._bot.send_message(
            answer.address.chat_id,
            text,
            reply_parameters=reply,
            reply_markup=buttons,
            message_thread_id=answer.address.topic,
            rate_limit_args=1,
        )

    async def _acknowledge(self, entry: bytes) -> None:
        await self._redis_outage.outlast(lambda: self._stream.done(entry))


def _note_sent(answer: Answer, sending: float) -> None:
    """Count an answer that Telegram accepted after `sending` seconds, and say so in the log."""
    metrics.SECONDS.labels("sending").observe(sending)
    whole = max(0.0, time.time() - answer.sent_at)
    if answer.correction:
        log.info("correction sent job=%s seconds=%.2f", answer.id, whole)
        return
    # A refusal by the worker is an answer, too.
    verdict = answer.prediction.verdict if answer.prediction else answer.refusal
    metrics.ANSWERED.labels(verdict).inc()
    metrics.WHOLE.observe(whole)
    log.info(
        "photo sent job=%s verdict=%s seconds=%.2f sending_ms=%.0f",
        *(answer.id, verdict, whole, 1000 * sending),
    )


def _reason(error: TelegramError) -> str:
    """Why Telegram will never take an answer, in a word for the metrics."""
    if isinstance(error, Forbidden):
        return "forbidden"
    if isinstance(error, ChatMigrated):
        return "moved"
    return "refused" if isinstance(error, BadRequest) else "too_old"
