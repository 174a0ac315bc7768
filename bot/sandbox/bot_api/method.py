"""The methods of the Bot API: their names, their parameters, what they do."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from bot.sandbox.bot_api.api_errors import ApiError, bad_request, unsupported
from bot.sandbox.bot_api.objects import Parameters
from bot.sandbox.bot_api.request import Given
from bot.sandbox.telegram import Sandbox

Taken = TypeVar("Taken", bound=Parameters)
Act = Callable[[Sandbox, Any], Awaitable[Any]]

# Parameters that Telegram has and the sandbox has not.
UNSUPPORTED = (
    *("allow_paid_broadcast", "business_connection_id", "certificate", "direct_messages_topic_id"),
    *("has_spoiler", "inline_message_id", "link_preview_options", "message_effect_id"),
    *("protect_content", "show_caption_above_media", "suggested_post_parameters", "thumbnail"),
    "url",
)


@dataclass(frozen=True, slots=True)
class Method:
    """A method, with the model of its parameters.

    An unknown parameter is an error: Telegram would ignore it, and so hide a misspelt name.
    """

    name: str
    parameters: type[Parameters]
    act: Act

    def parse(self, given: Given) -> Parameters:
        """The parameters, checked. Raises ApiError 400."""
        known = self.parameters.model_fields
        for name in given.texts:
            if name not in known:
                raise self._unknown(name)
        uploads = {name: file for name, file in given.uploads.items() if name in known}
        parsed = self.parameters.model_validate({**given.texts, **uploads}, context=given)
        for name in given.uploads:
            if name not in known and name not in given.attachments:
                raise self._unknown(name)
        return parsed

    def _unknown(self, name: str) -> ApiError:
        if name in UNSUPPORTED:
            return unsupported(f'the parameter "{name}" of {self.name}')
        return bad_request(f'unknown parameter "{name}" of {self.name}')


METHODS: dict[str, Method] = {}  # by name in lower case: Telegram does not tell cases apart


def method(act: Callable[[Sandbox, Taken], Awaitable[Any]]) -> Act:
    """Serve send_message(sandbox, given), for example, as the method sendMessage."""
    name = re.sub("_(.)", lambda match: match[1].upper(), act.__name__)
    METHODS[name.lower()] = Method(name, get_type_hints(act)["given"], act)
    return act
