"""/retrain: admins retrain the model. /cancel: they stop the retraining."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
)
from telegram.constants import ParseMode

from bot.i18n.names import shown
from bot.replies.addressing import acknowledge, put_text, tell, topic_of
from bot.retraining import progress_text
from bot.retraining.progress_text import TrainingData
from bot.retraining.tracker import Retrainings
from model.common.corrections.book import CorrectionBook
from model.common.corrections.split import split
from model.common.languages.sentences import say
from model.common.registry.registry import Registry
from model.common.retraining.messages import MOST_EPOCHS, NETWORKS, RetrainJob

# What begins the data of our buttons; after it `no`, or `yes` with the network and the epochs.
PREFIX = "retrain:"


@dataclass(frozen=True, slots=True)
class Wish:
    """The network to train, None for the current model; and the number of epochs.

    None leaves the number to the training.
    """

    network: str | None = None
    epochs: int | None = None

    @classmethod
    def read(cls, words: Sequence[str]) -> Self | None:
        """The command's arguments, in any order; None if they are wrong."""
        network: str | None = None
        epochs: int | None = None
        for word in map(str.lower, words):
            name, equals, value = word.partition("=")
            if word in NETWORKS and network is None:
                network = word
            elif name == "epochs" and equals and epochs is None and _is_count(value):
                epochs = int(value)
            else:
                return None
        return cls(network, epochs)

    @property
    def data(self) -> str:
        """As the data of the confirming button."""
        return f"{PREFIX}yes:{self.network or ''}:{self.epochs or ''}"

    @classmethod
    def of(cls, data: str) -> Self | None:
        """Read a button's data; None if it is of another version of this bot."""
        parts = data.removeprefix(f"{PREFIX}yes:").split(":")
        if not data.startswith(f"{PREFIX}yes:") or len(parts) != 2:
            return None
        network, epochs = parts
        return cls.read([word for word in (network, epochs and f"epochs={epochs}") if word])


@dataclass(frozen=True)
class Retrain:
    """Asks for confirmation first. Others are told who is retraining, and how far it is."""

    retrainings: Retrainings
    admin_ids: frozenset[int]
    registry: Registry
    book: CorrectionBook

    async def retrain(self, message: Message, language: str) -> None:
        """Show what would be trained, on what, with a button to begin."""
        wish = Wish.read((message.text or "").split()[1:])
        if wish is None:
            networks = ", ".join(NETWORKS)
            await tell(message, say(language, "retrain-usage", networks=networks, most=MOST_EPOCHS))
            return
        if busy := await self._busy(language):
            await tell(message, busy)
            return
        data = await self._data()
        if wish.network is None and (nothing := progress_text.nothing_new(data, language)):
            await tell(message, nothing)
            return
        text = progress_text.confirmation(wish.network, wish.epochs, data, language)
        buttons = _buttons(wish, language)
        await message.reply_text(text, parse_mode=ParseMode.HTML, reply_markup=buttons)

    async def cancel(self, message: Message, language: str) -> None:
        """Stop the retraining, no matter who asked for it."""
        name = shown(message.from_user.full_name if message.from_user else "")
        cancelled = await self.retrainings.slot.cancel(name)
        await tell(message, say(language, f"cancel-{cancelled}"))
        self.retrainings.look_now()

    async def press(self, query: CallbackQuery, language: str) -> None:
        """Begin, or leave it, as the button says."""
        wish = Wish.of(query.data or "")
        if query.data == f"{PREFIX}no":
            await _end(query, say(language, "retrain-declined"))
        elif wish is None or query.message is None:
            await acknowledge(query, say(language, "retrain-old-button"), alert=True)
        else:
            await self._begin(query, query.message, wish, language)

    async def _begin(
        self, query: CallbackQuery, message: MaybeInaccessibleMessage, wish: Wish, language: str
    ) -> None:
        job = RetrainJob(
            # One confirmation is one retraining, however often its button is pressed.
            id=self.retrainings.slot.job_id(
                message.chat.id, message.message_id, round(message.date.timestamp())
            ),
            network=wish.network,
            epochs=wish.epochs,
            user_id=query.from_user.id,
            user_name=shown(query.from_user.full_name),
            chat_id=message.chat.id,
            message_id=message.message_id,
            topic=topic_of(message),
            language=language,
            admins=[self.book.person(each) for each in sorted(self.admin_ids)],
        )
        asked = await self.retrainings.slot.ask(job)
        found = await self.retrainings.slot.look()
        if asked == "busy":
            await _end(query, await self._busy(language) or say(language, "retrain-declined"))
        elif asked == "asked" or (found and found.job.id == job.id):
            # From now on the message is the retraining's: see `bot.retraining.tracker`.
            self.retrainings.look_now()
            await acknowledge(query, say(language, "retrain-started"))
        else:
            await acknowledge(query, say(language, "retrain-old-button"), alert=True)

    async def _busy(self, language: str) -> str | None:
        """The progress of the current retraining; None if there is none."""
        found = await self.retrainings.slot.look()
        if found is None or (found.state == "finished" and not found.job.chat_id):
            return None
        running = len(await self.retrainings.trainers())
        return progress_text.busy(found, running, language)

    async def _data(self) -> TrainingData:
        running = await self.retrainings.trainers()
        photos = running[0].photos if running else None
        since = await asyncio.to_thread(self.registry.learned_until)
        kept = await self.book.kept()
        corrections = await asyncio.to_thread(split, kept)
        new = sum(each.date > since for each in kept)
        return TrainingData(photos, corrections, len(kept), new)


async def _end(query: CallbackQuery, text: str) -> None:
    """Put the last word into the confirmation, without its buttons."""
    await acknowledge(query)
    await put_text(query, text)


def _buttons(wish: Wish, language: str) -> InlineKeyboardMarkup:
    yes = InlineKeyboardButton(say(language, "retrain-yes"), callback_data=wish.data)
    no = InlineKeyboardButton(say(language, "retrain-no"), callback_data=f"{PREFIX}no")
    return InlineKeyboardMarkup([[yes, no]])


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST_EPOCHS
