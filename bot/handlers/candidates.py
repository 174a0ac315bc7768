"""The buttons under a verdict: keep the new model aside, promote it anyway, or discard it."""

import asyncio
import html
import logging
from contextlib import suppress
from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.i18n import model_text
from bot.i18n.names import shown
from bot.replies.addressing import ANSWER_LENGTH, acknowledge, put_text
from bot.retraining.candidate_buttons import mark, under_question, under_verdict
from model.common.languages.sentences import say
from model.common.registry.entry import Doubt
from model.common.registry.errors import RegistryError, UnknownModelError
from model.common.registry.registry import Registry

log = logging.getLogger(__name__)

QUESTIONS: dict[Doubt, str] = {
    "": "candidate-ask",
    "refused": "candidate-ask-refused",
    "unmeasured": "candidate-ask-unmeasured",
}
PROMOTED: dict[Doubt, str] = {
    "": "promoted",
    "refused": "candidate-promoted-refused",
    "unmeasured": "candidate-promoted-unmeasured",
}


@dataclass(frozen=True)
class Candidates:
    """Lets admins decide on a model that the gate refused, or that was never measured.

    Promoting one asks a second time, and takes effect only while the same model serves as then.
    """

    registry: Registry

    async def press(self, query: CallbackQuery, language: str) -> None:
        """Do what the button says; if that is no longer possible, say so and change nothing."""
        _, action, *marks = (query.data or "").split(":")
        try:
            versions = await asyncio.to_thread(self._named, marks)
            match action, versions:
                case "leave", []:
                    await _end(query, say(language, "candidate-left"))
                case "keep", [version]:
                    await self._keep(query, version, language)
                case "discard", [version]:
                    await self._discard(query, version, language)
                case "ask", [version]:
                    await self._ask(query, version, language)
                case "promote", [version, current]:
                    await self._promote(query, version, current, language)
                case _:
                    await acknowledge(query, say(language, "candidate-changed"), alert=True)
        except RegistryError as error:
            log.info("A button came to nothing: %s", error)
            await acknowledge(query, say(language, "candidate-changed"), alert=True)
            with suppress(BadRequest):
                await query.edit_message_reply_markup()

    async def _keep(self, query: CallbackQuery, version: str, language: str) -> None:
        until = await asyncio.to_thread(self.registry.keep_aside, version)
        text = say(language, "candidate-kept", version=version, date=model_text.moment(until))
        await _note(query, text, under_verdict(version, language, kept=True))

    async def _discard(self, query: CallbackQuery, version: str, language: str) -> None:
        await asyncio.to_thread(self.registry.discard, version)
        log.info("Model %s is discarded by %d.", version, query.from_user.id)
        await _note(query, say(language, "candidate-discarded", version=version), None)

    async def _ask(self, query: CallbackQuery, version: str, language: str) -> None:
        entry = await asyncio.to_thread(self.registry.get, version)
        current = await asyncio.to_thread(self.registry.current)
        if version == current or not isinstance(query.message, Message):
            await acknowledge(query, say(language, "models-already", version=current), alert=True)
            return
        await acknowledge(query)
        await query.message.reply_text(
            say(language, QUESTIONS[entry.doubt], version=version, current=current),
            reply_markup=under_question(version, current, entry.doubt, language),
        )

    async def _promote(
        self, query: CallbackQuery, version: str, current: str, language: str
    ) -> None:
        user = query.from_user
        entry = await asyncio.to_thread(self.registry.get, version)
        await asyncio.to_thread(
            self.registry.promote,
            version,
            shown(user.full_name),
            instead_of=current,
            anyway=True,
        )
        log.info("Model %s is promoted by %d against: %s.", version, user.id, entry.doubt or "–")
        await _end(query, say(language, PROMOTED[entry.doubt], version=version))

    def _named(self, marks: list[str]) -> list[str]:
        """The versions of these marks. Raises UnknownModelError."""
        named = {mark(entry.version): entry.version for entry in self.registry.models()}
        for each in marks:
            if each not in named:
                raise UnknownModelError(each)
        return [named[each] for each in marks]


async def _end(query: CallbackQuery, text: str) -> None:
    """Put the last word into the question, without its buttons."""
    await acknowledge(query, text[:ANSWER_LENGTH])
    await put_text(query, text)


async def _note(query: CallbackQuery, text: str, buttons: InlineKeyboardMarkup | None) -> None:
    """Write the decision under the verdict."""
    await acknowledge(query, text[:ANSWER_LENGTH])
    with suppress(BadRequest):
        if isinstance(query.message, Message) and query.message.text:
            whole = f"{query.message.text_html}\n\n{html.escape(text)}"
            await query.edit_message_text(whole, parse_mode=ParseMode.HTML, reply_markup=buttons)
        else:
            await query.edit_message_reply_markup(buttons)
