"""A chat: the private one of a person with the bot, or a group."""

import time
from copy import deepcopy
from itertools import count

from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.update_queue import first_number

BOT_ID = 8100000001


class Conversation:
    """The messages of one chat, by rising message_id, as Bot API Message objects.

    `chat_id` is the person's id in a private chat. `audience` are the people who see it.
    """

    def __init__(self, chat_id: int, audience: tuple[int, ...]) -> None:
        self.chat_id = chat_id
        self.audience = audience
        self.blocked = False
        self.messages: dict[int, Json] = {}
        self.topics: set[int] = set()  # those that somebody has written in
        self._ids = count(first_number())

    def add(self, sender: Json, chat: Json, content: Json) -> Json:
        """Append a message with the next number."""
        message_id = next(self._ids)
        message = {
            "message_id": message_id,
            "from": sender,
            "chat": chat,
            "date": int(time.time()),
            **deepcopy(content),
        }
        self.messages[message_id] = message
        return message

    def check_topic(self, topic: int) -> None:
        """400 if there is no such topic."""
        if topic not in self.topics:
            raise bad_request("message thread not found")

    def quoted(self, message_id: int) -> Json | None:
        """A message as it stands in `reply_to_message`: without what it replies to itself."""
        message = self.messages.get(message_id)
        if message is None:
            return None
        return {key: value for key, value in message.items() if key != "reply_to_message"}

    def own(self, message_id: int) -> Json:
        """A message that the bot sent, to be edited; 400 if there is none."""
        message = self.messages.get(message_id)
        if message is None:
            raise bad_request("message to edit not found")
        if message["from"]["id"] != BOT_ID:
            raise bad_request("message can't be edited")
        return message
