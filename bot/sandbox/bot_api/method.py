"""One method of the Bot API: its name, its parameters, what it does."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.api_errors import unsupported as refuse
from bot.sandbox.bot_api.parameters import ATTACH, Json, Kind, Parameters, file, media, media_group
from bot.sandbox.telegram import Sandbox

Act = Callable[[Sandbox, Json], Awaitable[Any]]

# Telegram's own words for a parameter that is missing.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "media": "there is no media in the request",
    "message_id": "message identifier is not specified",
    "action": "parameter 'action' is missing",
    "file_id": "invalid file_id",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}


@dataclass(frozen=True, slots=True)
class Method:
    """A method and the parameters that it knows.

    `unsupported` names parameters that Telegram has and the sandbox has not. An unknown one is an
    error too: Telegram would ignore it, and so hide a misspelt name.
    """

    name: str
    act: Act
    required: dict[str, Kind]
    optional: dict[str, Kind]
    unsupported: frozenset[str]

    def parse(self, given: Parameters) -> Json:
        """The typed values by name, the absent ones left out. Raises ApiError 400."""
        kinds = {**self.required, **self.optional}
        values: Json = {}
        attached: set[str] = set()
        for name, kind in kinds.items():
            if name in given.uploads:
                if kind is not file:
                    raise bad_request(f'parameter "{name}" must be text, not a file')
                values[name] = given.uploads[name]
            elif name in given.texts:
                values[name] = self._typed(name, kind, given, attached)
        for name in [*given.texts, *given.uploads]:
            if name in self.unsupported:
                raise refuse(f'the parameter "{name}" of {self.name}')
            if name not in kinds and name not in attached:
                raise bad_request(f'unknown parameter "{name}" of {self.name}')
        for name in self.required:
            if name not in values:
                raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
        return values

    def _typed(self, name: str, kind: Kind, given: Parameters, attached: set[str]) -> Any:
        try:
            value = kind(given.texts[name])
        except ValueError as error:
            raise bad_request(f'parameter "{name}" must be {error}') from error
        if kind is file:
            return _resolved(value, given, attached)
        if kind is media:
            return _resolved_media(value, given, attached)
        if kind is media_group:
            return [_resolved_media(item, given, attached) for item in value]
        return value


def _resolved(value: object, given: Parameters, attached: set[str]) -> Any:
    if isinstance(value, str) and value.startswith(ATTACH):
        attached.add(value.removeprefix(ATTACH))
        return given.attached(value)
    return value


def _resolved_media(item: Json, given: Parameters, attached: set[str]) -> Json:
    return {
        key: _resolved(value, given, attached) if key in {"media", "thumbnail"} else value
        for key, value in item.items()
    }


def method(
    name: str,
    *,
    required: dict[str, Kind] | None = None,
    optional: dict[str, Kind] | None = None,
    unsupported: Iterable[str] = (),
) -> Callable[[Act], Method]:
    """Make a Method of a coroutine `act(sandbox, values)`."""

    def make(act: Act) -> Method:
        return Method(name, act, required or {}, optional or {}, frozenset(unsupported))

    return make
