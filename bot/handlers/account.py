"""What is kept of a person: /privacy says it, /forget deletes it, and they decide about it."""

import logging

from redis.asyncio import Redis
from telegram import Message, Update, User
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.i18n.messages import language_of, say
from bot.replies import keyboards
from bot.replies.addressing import OWN, Context, Handler, acknowledge, offers, sender, tell
from bot.replies.corrected_answers import Redrawer, unchanged
from model.common.corrections import aof_rewrite as redis_log
from model.common.corrections.book import Consent, CorrectionBook, Forgotten
from model.common.queue.photo_queue import PhotoQueue, QueueFull

log = logging.getLogger(__name__)

PATIENCE = 30.0  # seconds for which one correction waits for room in the queue

DECISION = r"keep:(yes|no):[0-9]{1,20}\Z"  # matched from the data's beginning


class Account:
    """Privacy, consent, oblivion. Without a `book` nothing is ever kept to learn from."""

    def __init__(
        self,
        redis: Redis,
        queue: PhotoQueue,
        book: CorrectionBook | None,
        redrawer: Redrawer | None,
    ) -> None:
        self._redis = redis
        self._queue = queue
        self._book = book
        self._redrawer = redrawer

    def handlers(self) -> list[Handler]:
        """The handlers to register."""
        return [
            CommandHandler("privacy", self.privacy, OWN),
            CommandHandler("forget", self.forget, OWN),
            CallbackQueryHandler(self.decide, DECISION),
        ]

    async def privacy(self, update: Update, _context: Context) -> None:
        """Say what is kept, and what the person allowed, to be changed by a button."""
        message, user = update.effective_message, update.effective_user
        if message is None:
            return
        language = language_of(user)
        if self._book is None:
            await tell(message, _privacy(language, "privacy-nothing-learned"))
            return
        await tell(message, _privacy(language, "privacy-corrections"))
        if user and not message.sender_chat:
            await self._tell_state(message, user, self._book)

    async def forget(self, update: Update, context: Context) -> None:
        """Delete all that is kept of the person, at once, and say what that was."""
        message, user = update.effective_message, update.effective_user
        if message is None:
            return
        person = sender(message)
        gone = Forgotten(0, 0, False)
        if self._book:
            # First of all: from here on, nothing that is on its way is kept any more.
            gone = await self._book.forget(person)
        photos = await self._queue.forget(person)
        await tell(message, _forgotten(gone, photos, language_of(user)))
        if gone.corrections or gone.answers or photos:
            context.application.create_task(redis_log.rewrite(self._redis))

    async def decide(self, update: Update, context: Context) -> None:
        """Note whether the person's photos may be kept, and act upon it."""
        query = update.callback_query
        if query is None:
            return
        user, language = query.from_user, language_of(query.from_user)
        _, decision, whose = (query.data or "").split(":")
        theirs = query.message is None or offers(query.message, whose)
        if user.id != int(whose) or not theirs:
            await acknowledge(query, say(language, "consent-not-yours"), alert=True)
            return
        book, redrawer = self._book, self._redrawer
        if book is None or redrawer is None:
            await acknowledge(query, say(language, "corrections-off"), alert=True)
            return
        records = []
        if decision == "yes":
            records = await book.allow(user.id)
        elif await book.refuse(user.id):
            context.application.create_task(redis_log.rewrite(self._redis))
        await acknowledge(query)
        state: Consent = "yes" if decision == "yes" else "no"
        try:
            await query.edit_message_text(
                _state(state, language), reply_markup=keyboards.consent(user.id, language, state)
            )
        except TelegramError as error:
            if not unchanged(error):
                log.info("The question for consent stays as it is: %s", error)
        for record in records:
            # With a turn of its own, so that a photo that was in the queue already comes again.
            turned = await book.next_turn(record)
            if turned and turned.choice:
                try:
                    # More than a person may have waiting: they go as room comes.
                    await redrawer.redraw(turned, turned.choice.edits, patience=PATIENCE)
                except QueueFull:
                    log.info("The queue is full: %d corrections are not kept.", len(records))
                    return

    async def _tell_state(self, message: Message, user: User, book: CorrectionBook) -> None:
        language = language_of(user)
        state = await book.consent(user.id)
        buttons = keyboards.consent(user.id, language, state)
        await tell(message, _state(state, language), buttons)


def _privacy(language: str, *more: str) -> str:
    return "\n".join(say(language, part) for part in ("privacy", *more, "privacy-passed-on"))


def _state(state: Consent | None, language: str) -> str:
    if state == "yes":
        return say(language, "consent-yes")
    return say(language, "consent-no" if state == "no" else "consent-open")


def _forgotten(gone: Forgotten, photos: int, language: str) -> str:
    """What was deleted, with its numbers."""
    lines = []
    if gone.corrections:
        lines.append(say(language, "forget-corrections", count=gone.corrections))
    if gone.answers:
        lines.append(say(language, "forget-answers", count=gone.answers))
    if photos:
        lines.append(say(language, "forget-photos", count=photos))
    if gone.consent:
        lines.append(say(language, "forget-consent"))
    if not lines:
        return say(language, "forget-nothing")
    if gone.corrections:
        lines.append(say(language, "forget-model"))
    return "\n".join([say(language, "forget-done"), *lines])
