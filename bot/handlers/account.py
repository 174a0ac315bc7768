"""/privacy and /forget, and a person's choice whether photos are kept."""

import logging
from dataclasses import dataclass

from telegram import CallbackQuery, Message

from bot.replies import keyboards
from bot.replies.addressing import acknowledge, offers, put_text, sender, tell
from bot.replies.corrected_answers import Redrawer
from model.common.corrections.aof_rewrite import AofRewriter
from model.common.corrections.book import Consent, CorrectionBook, Forgotten
from model.common.languages.sentences import say
from model.common.queue.photo_queue import PhotoQueue, QueueFull

log = logging.getLogger(__name__)

PATIENCE = 30.0  # seconds for which one correction waits for room in the queue

# Matched from the data's beginning.
DECISION = r"keep:(yes|no):[0-9]{1,20}\Z"
DETAILS = r"privacy:details\Z"
ANSWER = r"forget:(yes|no):[0-9]{1,20}\Z"


@dataclass(frozen=True)
class Account:
    """Privacy, consent, oblivion."""

    rewriter: AofRewriter
    queue: PhotoQueue
    book: CorrectionBook
    redrawer: Redrawer

    async def privacy(self, message: Message, language: str) -> None:
        """Say in a few lines what is kept, and what the person allowed, with its buttons."""
        await tell(message, say(language, "privacy"), keyboards.privacy(language))
        user = message.from_user
        if user and not message.sender_chat:
            state = await self.book.consent(user.id)
            buttons = keyboards.consent(user.id, language, state)
            await tell(message, _state(state, language), buttons)

    async def details(self, query: CallbackQuery, language: str) -> None:
        """Replace the summary with the full privacy notice."""
        parts = ("privacy-details", "privacy-corrections", "privacy-passed-on")
        await acknowledge(query)
        await put_text(query, "\n".join(say(language, part) for part in parts))

    async def forget(self, message: Message, language: str) -> None:
        """Ask the person to confirm the deletion of their data, and list what is stored.

        Someone who writes as a chat could not press the button: their data is deleted at once.
        """
        user = message.from_user
        if user is None or message.sender_chat:
            await tell(message, await self._forgotten(sender(message), language))
            return
        kept = await self.book.kept_of(user.id)
        values = {"corrections": kept.corrections, "answers": kept.answers}
        question = "forget-ask" if kept.corrections or kept.answers else "forget-ask-rest"
        buttons = keyboards.forget(user.id, language)
        await tell(message, say(language, question, **values), buttons)

    async def answer(self, query: CallbackQuery, language: str) -> None:
        """Delete all that is kept of the person, and say what that was; or leave it."""
        decision = await _own_decision(query, language)
        if decision is None:
            return
        text = say(language, "forget-kept")
        if decision == "yes":
            text = await self._forgotten(query.from_user.id, language)
        await acknowledge(query)
        await put_text(query, text)

    async def _forgotten(self, person: int, language: str) -> str:
        """Delete the person's data at once; return what was deleted."""
        # First of all: from here on, nothing that is on its way is kept any more.
        gone = await self.book.forget(person)
        photos = await self.queue.forget(person)
        if gone.corrections or gone.answers or photos:
            self.rewriter.ask()
        return _forgotten(gone, photos, language)

    async def decide(self, query: CallbackQuery, language: str) -> None:
        """Note whether the person's photos may be kept, and act upon it."""
        user = query.from_user
        decision = await _own_decision(query, language)
        if decision is None:
            return
        records = []
        if decision == "yes":
            records = await self.book.allow(user.id)
        elif await self.book.refuse(user.id):
            self.rewriter.ask()
        await acknowledge(query)
        state: Consent = "yes" if decision == "yes" else "no"
        buttons = keyboards.consent(user.id, language, state)
        await put_text(query, _state(state, language), buttons)
        for record in records:
            # With a turn of its own, so that a photo that was in the queue already comes again.
            turned = await self.book.next_turn(record)
            if turned and turned.choice:
                try:
                    # More than a person may have waiting: they go as room comes.
                    await self.redrawer.redraw(turned, turned.choice.edits, patience=PATIENCE)
                except QueueFull:
                    log.info("The queue is full: %d corrections are not kept.", len(records))
                    return


async def _own_decision(query: CallbackQuery, language: str) -> str | None:
    """The decision in a button's data; None, and a refusal, if the button is somebody else's."""
    _, decision, whose = (query.data or "").split(":")
    theirs = query.message is None or offers(query.message, whose)
    if query.from_user.id != int(whose) or not theirs:
        await acknowledge(query, say(language, "consent-not-yours"), alert=True)
        return None
    return decision


def _state(state: Consent | None, language: str) -> str:
    return say(language, f"consent-{state or 'open'}")


def _forgotten(gone: Forgotten, photos: int, language: str) -> str:
    """What was deleted, with its numbers."""
    counts = {
        "forget-corrections": gone.corrections,
        "forget-answers": gone.answers,
        "forget-photos": photos,
    }
    lines = [say(language, name, count=count) for name, count in counts.items() if count]
    if gone.consent:
        lines.append(say(language, "forget-consent"))
    if not lines:
        return say(language, "forget-nothing")
    if gone.corrections:
        lines.append(say(language, "forget-model"))
    return "\n".join([say(language, "forget-done"), *lines])
