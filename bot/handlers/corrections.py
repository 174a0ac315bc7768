"""The buttons under an answer that correct it; /undo; /details.

The photo's sender and every admin may correct its answer. A press is always answered. It may come
twice: after a crash it is handled again.
"""

import logging
from dataclasses import dataclass, replace

from telegram import (
    CallbackQuery,
    ChatMember,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    Update,
)
from telegram.error import TelegramError

from bot.i18n.language import language_of
from bot.replies import captions, keyboards
from bot.replies.addressing import (
    Context,
    acknowledge,
    offers,
    put_text,
    sender,
    tell,
    topic_of,
)
from bot.replies.corrected_answers import Redrawer
from bot.replies.day_counts import DayCounts
from bot.transport.updates import mark
from model.common.corrections.answer_record import AnswerRecord
from model.common.corrections.book import CorrectionBook
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages.sentences import say
from model.common.queue.photo_queue import QueueFull

log = logging.getLogger(__name__)

# From the data's beginning. "right" and "wrong" stood under answers of before; those are remembered
# for seven days.
BUTTONS = r"(more|right|wrong|back|one|is:([0-9]|10)):[^:\s]{1,64}\Z"
# Under the /details of an album's photo: the others.
DETAILS = r"details:[^:\s]{1,64}\Z"


@dataclass(frozen=True)
class Corrections:
    """Records what people say about answers, and has those redrawn."""

    book: CorrectionBook
    redrawer: Redrawer
    admin_ids: frozenset[int]
    counts: DayCounts

    async def press(self, query: CallbackQuery, language: str) -> None:
        """Do what the button under an answer says."""
        found = await self._found(query, language)
        if found is None:
            return
        record, edits = found
        answered = record.answered
        verb, rest = (query.data or "").split(":", 1)
        if verb == "is":
            await self._choose(query, record, edits, int(rest.split(":", 1)[0]))
        elif verb == "right" and answered.prediction.verdict != "unsure":
            await self._choose(query, record, edits, answered.prediction.said)
        elif verb == "one":
            await acknowledge(query)
            await self.redrawer.turn_to(record, edits)
        else:
            # "right" of an answer that named two: their buttons take its place.
            is_open = verb in ("more", "wrong")
            await self.book.show_menu(answered.id, is_open)
            await acknowledge(query)
            await self.redrawer.show_buttons(replace(record, menu_open=is_open), edits)

    async def undo(self, update: Update, _context: Context) -> None:
        """Take back the person's last correction; its answer is redrawn as it was."""
        message = update.effective_message
        if message is None:
            return
        language = language_of(update.effective_user)
        undone = await self.book.undo(sender(message), mark(update))
        if undone is None:
            await tell(message, say(language, "undo-nothing"))
            return
        record, choice = undone
        await self.redrawer.show_buttons(record, choice.edits)
        await self.redrawer.redraw(record, choice.edits)
        await tell(message, say(language, "undo-done", label=_name(choice.label, language)))

    async def details(self, message: Message, language: str) -> None:
        """Say all ten classes of an answer: the one that is replied to, or the person's last.

        Of an album, those of the photo whose buttons are open, or else of one of them: a number
        for each leads to the others.
        """
        record = await self._meant(message)
        if record is None:
            await tell(message, say(language, "details-nothing"))
        else:
            await tell(message, *await self._details(record, language))

    async def turn_details(self, query: CallbackQuery, language: str) -> None:
        """Say the ten classes of another photo of the album."""
        if record := await self._shown(query, language):
            await acknowledge(query)
            await put_text(query, *await self._details(record, language))

    async def _details(
        self, record: AnswerRecord, language: str
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        answered = record.answered
        text = captions.details(answered, language)
        if not answered.album:
            return text, None
        number = answered.album.index(answered.id) + 1
        heading = say(language, "details-photo", number=number, count=len(answered.album))
        records = await self.book.album(answered)
        return f"{heading}\n{text}", keyboards.numbers(records, number, "details")

    async def _meant(self, message: Message) -> AnswerRecord | None:
        """The answer that a message is about; None if there is none that is remembered."""
        original = message.reply_to_message
        if original is None:
            return await self.book.latest(sender(message), message.chat_id)
        markup = original.reply_markup
        data = str(markup.inline_keyboard[0][0].callback_data) if markup else ""
        record = await self.book.find(data.rpartition(":")[2])
        if record and record.selected:
            record = await self.book.find(record.answered.album[record.selected - 1])
        # Buttons can be made up, and an answer is for its own chat.
        return record if record and record.answered.address.chat_id == message.chat_id else None

    async def _found(self, query: CallbackQuery, language: str) -> tuple[AnswerRecord, int] | None:
        """The answer above the button, and its message; None if the press may do nothing."""
        message, record = query.message, await self._shown(query, language)
        if message is None or record is None:
            return None
        if not await self._may_correct(query, record, message.chat.id):
            await acknowledge(query, say(language, "correction-not-yours"), alert=True)
            return None
        return record, message.message_id

    async def _shown(self, query: CallbackQuery, language: str) -> AnswerRecord | None:
        """The answer that the button is about; None if it is not known any more, which is said."""
        message, answer_id = query.message, (query.data or "").rpartition(":")[2]
        # What is done to an answer shows at the message of the button.
        if message is None or not offers(message, answer_id):
            await self._too_late(query, None, language)
            return None
        record = await self.book.find(answer_id)
        if record is None or record.answered.address.chat_id != message.chat.id:
            await self._too_late(query, message, language)
            return None
        return record

    async def _may_correct(self, query: CallbackQuery, record: AnswerRecord, chat_id: int) -> bool:
        """Whether it was their photo, or that of a group or channel which they administer.

        Where the bot is no member of the channel, its group's admins may.
        """
        user_id, owner = query.from_user.id, record.answered.address.user_id
        if user_id in self.admin_ids | {owner}:
            return True
        if owner >= 0:
            return False
        bot = query.get_bot()
        for place in dict.fromkeys((owner, chat_id)):
            try:
                member = await bot.get_chat_member(place, user_id)
            except TelegramError as error:
                log.info("Whether somebody administers chat %d is not known: %s", place, error)
                continue
            if member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER):
                return True
        return False

    async def _too_late(
        self, query: CallbackQuery, message: MaybeInaccessibleMessage | None, language: str
    ) -> None:
        """Say that the answer is not known any more, and take the buttons from its message."""
        await acknowledge(query, say(language, "correction-too-late"), alert=True)
        if message:
            await self.redrawer.put(message.chat.id, message.message_id, None)

    async def _choose(
        self, query: CallbackQuery, record: AnswerRecord, edits: int, label: int
    ) -> None:
        user, language = query.from_user, language_of(query.from_user)
        # What is said for a group or channel can be taken back by all who write in its name.
        owner = record.answered.address.user_id
        by = owner if owner < 0 and user.id not in self.admin_ids else user.id
        chosen = await self.book.choose(record.answered.id, label, user_id=by, edits=edits)
        if chosen is None:
            await self._too_late(query, query.message, language)
            return
        right = chosen.verdict == "right"
        if chosen.turn != record.turn:
            self.counts.add(chosen.verdict)
        await self.redrawer.close(chosen)
        await acknowledge(query, say(language, "correction-right" if right else "correction-noted"))
        await self.redrawer.show_buttons(chosen, edits)
        try:
            await self.redrawer.redraw(chosen, edits)
        except QueueFull:
            await self._give_up(query, chosen, edits)
            return
        if not right and user.id == chosen.answered.address.user_id:
            await self._ask_consent(query)

    async def _give_up(self, query: CallbackQuery, record: AnswerRecord, edits: int) -> None:
        """The queue is full: forget what was said, and ask for it again in a few minutes."""
        if undone := await self.book.take_back(record):
            await self.redrawer.show_buttons(undone, edits)
        await _reply(query, say(language_of(query.from_user), "correction-busy"))

    async def _ask_consent(self, query: CallbackQuery) -> None:
        """Ask, once, whether the photos whose answers this person corrects may be kept."""
        user, language = query.from_user, language_of(query.from_user)
        if query.message is None or await self.book.consent(user.id) is not None:
            return
        buttons = keyboards.consent(user.id, language, None)
        try:
            await _reply(query, say(language, "consent-ask"), buttons)
        except TelegramError:
            return  # the next correction asks
        # At least once: a crash before this line has the question asked a second time.
        await self.book.asked(user.id)


async def _reply(
    query: CallbackQuery, text: str, buttons: InlineKeyboardMarkup | None = None
) -> None:
    """Reply to the message of the button."""
    if message := query.message:
        await query.get_bot().send_message(
            message.chat.id,
            text,
            reply_to_message_id=message.message_id,
            allow_sending_without_reply=True,
            message_thread_id=topic_of(message),
            reply_markup=buttons,
        )


def _name(label: int, language: str) -> str:
    if label == NONE_OF_THESE:
        return say(language, "none-of-these")
    return captions.class_name(LABELS[label], language)
