"""The admins' commands and buttons. `Admin` guards them; Telegram's menus do not."""

from dataclasses import dataclass

from telegram import CallbackQuery, Message
from telegram.constants import ChatType

from bot.replies.addressing import Command, Press, acknowledge, reply, sender, tell
from bot.retraining.tracker import Retrainings
from model.common.languages.sentences import say
from model.common.queue.photo_queue import PhotoQueue

SLOW = 30  # seconds that the oldest photo may wait before it is a problem


@dataclass(frozen=True)
class Admin:
    """Commands for the people in `admin_ids`, in their private chats only.

    In a group, others could read along and interfere.
    """

    ids: frozenset[int]
    queue: PhotoQueue
    retrainings: Retrainings

    def only(self, act: Command) -> Command:
        """Guard a command: it runs for admins, everyone else is told that it does not."""

        async def guarded(message: Message, language: str) -> None:
            if sender(message) not in self.ids:
                await reply(message, say(language, "admin-only"))
                return
            if message.chat.type != ChatType.PRIVATE:
                await reply(message, say(language, "admin-private"))
                return
            await act(message, language)

        return guarded

    def only_pressing(self, press: Press) -> Press:
        """Guard what a button does, in the same way."""

        async def guarded(query: CallbackQuery, language: str) -> None:
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
        load = await self.queue.load()
        waiting, dead = load.photos, load.dead
        oldest = round(load.oldest) if waiting else 0
        workers = await self.queue.workers()
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
        if not await self.retrainings.trainers():
            return "status-no-trainer"
        found = await self.retrainings.slot.look()
        return "status-training" if found and found.state == "running" else "status-idle"
