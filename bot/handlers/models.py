"""/model: which model answers. /models and /rollback: the admins choose another, with one tap."""

import asyncio
import logging
from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, User

from bot.i18n import model_text
from bot.i18n.model_text import Stand
from bot.i18n.names import shown
from bot.replies.addressing import ANSWER_LENGTH, acknowledge, put_text, tell
from bot.retraining.candidate_buttons import ask, mark
from model.common.languages.sentences import say
from model.common.queue.photo_queue import PhotoQueue
from model.common.registry.errors import RegistryError
from model.common.registry.registry import Registry

log = logging.getLogger(__name__)

# What begins the data of our buttons; after it `promote` or `rollback`, and marks of versions.
PREFIX = "model:"


@dataclass(frozen=True)
class Models:
    """Shows the registry's models to everyone, and lets admins choose the one that serves."""

    registry: Registry
    queue: PhotoQueue

    async def model(self, message: Message, language: str) -> None:
        """Say which model answers, since when, what it learned from, and its figures."""
        stand = await self._stand()
        since = await asyncio.to_thread(self.registry.since)
        entry = next((e for e in stand.entries if e.version == stand.current), None)
        if entry is None:
            text = say(language, "model-gone", version=stand.current)
        else:
            doubted = stand.doubted.get(entry.version)
            text = model_text.description(entry, language, since=since, doubted=doubted)
        # What the workers report; for some seconds after a change, another version.
        others = {worker.model for worker in await self.queue.workers()} - {stand.current}
        if others:
            text += "\n\n" + say(language, "model-others", versions=", ".join(sorted(others)))
        await tell(message, text)

    async def models(self, message: Message, language: str) -> None:
        """List the models, with a button for each that could serve instead."""
        stand = await self._stand()
        await tell(message, model_text.listing(stand, language), _buttons(stand, language))

    async def rollback(self, message: Message, language: str) -> None:
        """Offer to go back to the model that served before."""
        stand = await self._stand()
        if stand.before is None:
            await tell(message, say(language, "rollback-nothing", version=stand.current))
            return
        text = say(language, "rollback-ask", version=stand.current, before=stand.before)
        button = _rollback_button(stand.current, stand.before, language)
        await tell(message, text, InlineKeyboardMarkup([[button]]))

    async def press(self, query: CallbackQuery, language: str) -> None:
        """Do what a button says, and tell the person who pressed it how that went."""
        text, done = await self._act(query, language)
        await acknowledge(query, text[:ANSWER_LENGTH], alert=not done)
        stand = await self._stand()
        listed = model_text.listing(stand, language)
        said = f"{text}\n\n{listed}" if done else listed
        await put_text(query, said, _buttons(stand, language))

    async def _act(self, query: CallbackQuery, language: str) -> tuple[str, bool]:
        """Act on the press; return the outcome as a sentence, and whether anything changed."""
        _, action, *marks = (query.data or "").split(":")
        stand = await self._stand()
        named = {mark(entry.version): entry.version for entry in stand.entries}
        versions = [named.get(mark) for mark in marks]
        user = query.from_user
        try:
            match action, versions:
                case "promote", [str(version)]:
                    return await self._promote(version, user, stand, language)
                case "rollback", [str(current), str(before)] if before == stand.before:
                    by = shown(user.full_name)
                    version = await asyncio.to_thread(self.registry.rollback, by, of=current)
                    log.info("Model %s is rolled back to %s by %d.", current, version, user.id)
                    return say(language, "rolled-back", old=current, version=version), True
        except RegistryError as error:
            log.info("A button had no effect: %s", error)
        return say(language, "models-changed"), False

    async def _promote(
        self, version: str, user: User, stand: Stand, language: str
    ) -> tuple[str, bool]:
        if version == stand.current and version not in stand.refused:
            return say(language, "models-already", version=version), False
        await asyncio.to_thread(self.registry.promote, version, shown(user.full_name))
        log.info("Model %s is promoted by %d.", version, user.id)
        return say(language, "promoted", version=version), True

    async def _stand(self) -> Stand:
        return await asyncio.to_thread(Stand.of, self.registry)


def _buttons(stand: Stand, language: str) -> InlineKeyboardMarkup:
    rows = [
        [
            InlineKeyboardButton(
                say(language, "button-promote", version=entry.version),
                callback_data=ask(entry.version)
                if entry.doubt
                else f"{PREFIX}promote:{mark(entry.version)}",
            )
        ]
        for entry in stand.entries
        if entry.version != stand.current or entry.version in stand.refused
    ]
    if stand.before is not None:
        rows.append([_rollback_button(stand.current, stand.before, language)])
    return InlineKeyboardMarkup(rows)


def _rollback_button(current: str, before: str, language: str) -> InlineKeyboardButton:
    # Both versions: a second tap, when the first has done it, must not go back further.
    return InlineKeyboardButton(
        say(language, "button-rollback", version=before),
        callback_data=f"{PREFIX}rollback:{mark(current)}:{mark(before)}",
    )
