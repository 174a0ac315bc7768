"""The admins' commands and buttons. `Admin` guards them; Telegram's menus do not."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.ext import CommandHandler

from bot.i18n.messages import language_of, say
from bot.replies.addressing import OWN, Context, Handler, acknowledge, reply, sender, tell
from bot.retraining.tracker import Retrainings
from model.common.queue.photo_queue import PhotoQueue

SLOW = 30  # seconds that the oldest photo may wait before it is a problem

Command = Callable[[Message, str], Awaitable[None]]
Press = Callable[[CallbackQuery, str], Awaitable[None]]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


class Admin:
    """Commands for the people in `admin_ids`, in their private chats only.

    In a group, others could read along and interfere.
    """

    def __init__(
        self, admin_ids: frozenset[int], queue: PhotoQueue, retrainings: Retrainings
    ) -> None:
        self.ids = admin_ids
        self._queue = queue
        self._retrainings = retrainings

    def handlers(self) -> list[Handler]:
        """The handlers to register."""
        return [CommandHandler("status", self.only(self.status), OWN)]

    def only(self, command: Command) -> Callback:
        """Guard a command: it runs for admins, everyone else is told that it does not."""

        async def guarded(update: Update, _context: Context) -> None:
            message, user = update.effective_message, update.effective_user
            if message is None:
                return
            language = language_of(user)
            if sender(message) not in self.ids:
                await reply(message, say(language, "admin-only"))
                return
            if message.chat.type != ChatType.PRIVATE:
                await reply(message, say(language, "admin-private"))
                return
            await command(message, language)

        return guarded

    def only_pressing(self, press: Press) -> Callback:
        """Guard what a button does, in the same way."""

        async def guarded(update: Update, _context: Context) -> None:
            query = update.callback_query
            if query is None:
                return
            language = language_of(query.from_user)
            if query.from_user.id not in self.ids:
                await acknowledge(query, say(language, "admin-only-button"), alert=True)
                return
            if query.message is None or query.message.chat.type != ChatType.PRIVATE:
                await acknowledge(query, say(language, "admin-private"), alert=True)
                return
            await press(query, language)

        return guarded

    async def status(self, message: Message, language: str) -> None:
        """Say whether all is well, or what is wrong; then the queue and the workers."""
        waiting, dead = await self._queue.depth(), await self._queue.dead_letters()
        oldest = round(await self._queue.oldest_age()) if waiting else 0
        workers = await self._queue.workers()
        problems = []
        if not workers:
            problems.append(say(language, "status-no-worker"))
        elif oldest >= SLOW:
            problems.append(say(language, "status-slow", seconds=oldest))
        if dead:
            problems.append(say(language, "status-dead", dead=dead))
        if problems:
            lines = [say(language, "status-problems"), *(f"• {problem}" for problem in problems)]
        else:
            trainer = say(language, await self._trainer())
            values = {"workers": len(workers), "waiting": waiting}
            lines = [say(language, "status-well", trainer=trainer, **values)]
        lines += ["", say(language, "status", waiting=waiting)]
        if waiting:
            lines.append(say(language, "status-oldest", seconds=oldest))
        lines += [
            say(
                language,
                "status-worker",
                name=worker.name,
                model=worker.model,
                answered=worker.answered,
                seconds=round(worker.silent),
            )
            for worker in workers
        ]
        await tell(message, "\n".join(lines))

    async def _trainer(self) -> str:
        """The id of what the trainer does."""
        if not await self._retrainings.trainers():
            return "status-no-trainer"
        found = await self._retrainings.slot.look()
        return "status-training" if found and found.state == "running" else "status-idle"
