"""A sandbox that notes when it took what, and spends little on it.

Telegram makes a photo into several JPEGs. Doing that here costs more than all that the bot and the
worker do, so the experiments' photos are kept as they come.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from bot.sandbox.state import photo_sizes
from bot.sandbox.state.conversation import Conversation
from bot.sandbox.state.update_queue import Updates
from tests.helpers.bot.sandbox import Sandbox

Json = dict[str, Any]


def one_size(data: bytes) -> tuple[photo_sizes.Size, ...]:
    """A photo in its only size. Raises UnreadableImageError."""
    return (photo_sizes.Size(data, *photo_sizes.dimensions(data)),)


class WatchedUpdates(Updates):
    """Calls `on_confirm` with the updates that the bot confirms, before they are forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.on_confirm: Callable[[list[Json]], None] = lambda _: None

    def confirm(self, offset: int) -> None:
        """As Telegram does."""
        confirmed = [update for update in self.pending if 0 < update["update_id"] < offset]
        if confirmed:
            self.on_confirm(confirmed)
        super().confirm(offset)


class WatchedSandbox(Sandbox):
    """`posted`: when the sandbox took each message of the bot's, by chat and message id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.updates: WatchedUpdates = WatchedUpdates()
        self.posted: dict[tuple[int, int], float] = {}

    def post(self, conversation: Conversation, content: Json) -> Json:
        """As Telegram does."""
        message = super().post(conversation, content)
        self.posted[conversation.chat_id, message["message_id"]] = monotonic()
        return message
