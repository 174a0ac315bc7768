"""The bot's background tasks: one that ends early is logged, and ends the bot.

A sender that died silently would leave a bot that takes photos and answers none. So /readyz fails
at once and the bot exits, to be restarted.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from model.common.health import OK

log = logging.getLogger(__name__)

# Where the application keeps this, and the lease, in its `bot_data`.
BACKGROUND, LEASE = "background", "lease"


class Background:
    """Starts tasks and notices when one has died."""

    def __init__(self) -> None:
        self._died = asyncio.Event()
        self._lasting: set[asyncio.Task[None]] = set()
        self._ending = False
        self.state = OK  # for /readyz

    def start(
        self, work: Coroutine[Any, Any, None], name: str, *, finite: bool = False
    ) -> asyncio.Task[None]:
        """Begin to do it. Unless it is `finite`, it lasts until it is cancelled, here by `end`."""
        task = asyncio.create_task(work, name=name)
        if not finite:
            self._lasting.add(task)
            task.add_done_callback(self._lasting.discard)
        self._watch(task, finite=finite)
        return task

    def watch_library(self, bot_id: int, *, polled: bool) -> None:
        """Watch the library's tasks, which poll and hand updates to the handlers, as our own."""
        wanted = {f"Application:{bot_id}:update_fetcher"}
        if polled:
            wanted.add("Updater:start_polling:polling_task")
        found = {task.get_name(): task for task in asyncio.all_tasks() if task.get_name() in wanted}
        if missing := wanted - found.keys():
            raise RuntimeError(f"The library no longer has tasks called {missing}.")
        for task in found.values():
            self._watch(task, finite=False)

    def end(self) -> None:
        """The bot ends now: cancel the tasks that last."""
        self._ending = True
        for task in self._lasting:
            task.cancel()

    async def died(self) -> str:
        """Wait for a task that dies; its name."""
        await self._died.wait()
        return self.state

    def _watch(self, task: asyncio.Task[Any], *, finite: bool) -> None:
        task.add_done_callback(lambda ended: self._note(ended, finite=finite))

    def _note(self, task: asyncio.Task[Any], *, finite: bool) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is None and (finite or self._ending):
            return
        log.critical("The task %r died.", task.get_name(), exc_info=error)
        self.state = f"{task.get_name()} died"
        self._died.set()
