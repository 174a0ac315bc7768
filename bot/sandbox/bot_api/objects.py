"""The parameters and objects that a bot gives, checked by pydantic.

A parameter is read from text, as Telegram does; what is in an object has a type of its own.
"""

import json
import re
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    InstanceOf,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic import model_validator as validator
from pydantic_core import ErrorDetails

from bot.sandbox.bot_api.api_errors import ApiError, bad_request
from bot.sandbox.bot_api.request import ATTACH, Given, Json, Upload, encodable

Read = TypeVar("Read")

EXPECTED = {
    "string_type": "a String",
    "int_type": "an Integer",
    "bool_type": "a Boolean",
    "list_type": "an Array",
}
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


class ApiObject(BaseModel):
    """An object of the Bot API, as the bot gives it.

    Raises ApiError 400 for a wrong type, and for a field that is not known: Telegram would ignore
    it, and so hide a misspelt name.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    @property
    def as_given(self) -> dict[str, Any]:
        """The fields that the bot gave."""
        return self.model_dump(exclude_unset=True)

    @validator(mode="wrap")
    @classmethod
    def _check(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as error:
            # A misspelt name first: it may be why another one is missing.
            found = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
            raise cls._refusal(found[0]) from None

    @classmethod
    def _refusal(cls, error: ErrorDetails) -> ApiError:
        if not error["loc"]:
            return bad_request(f"can't parse {cls.__name__}: expected an Object")
        name = error["loc"][0]
        match error["type"]:
            case "extra_forbidden":
                return bad_request(
                    f'unknown field "{name}" in {cls.__name__}: the sandbox does not support it'
                )
            case "missing":
                return bad_request(f"can't parse {cls.__name__}: {name} not found")
        return bad_request(f'field "{name}" of {cls.__name__} must be {expected(error)}')


class Parameters(ApiObject):
    """The parameters of a method. The kinds of those that are not texts are below."""

    @classmethod
    def _refusal(cls, error: ErrorDetails) -> ApiError:
        name = str(error["loc"][0])
        if error["type"] == "missing":
            return bad_request(MISSING.get(name, f'parameter "{name}" is required'))
        return bad_request(f'parameter "{name}" must be {expected(error)}')


def expected(error: ErrorDetails) -> str:
    """What should have been in the place of a value of a wrong type."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return EXPECTED.get(error["type"], "an Object")


def integer(text: object) -> int:
    """A 64-bit integer. Raises ValueError, as all here do, that says what was expected."""
    if not re.fullmatch(r"[+-]?[0-9]{1,19}", str(text)):
        raise ValueError("an Integer")
    return int(str(text))


def boolean(text: object) -> bool:
    """True or false, in the spellings that Telegram takes."""
    value = str(text).lower()
    if value not in {"true", "false", "1", "0", "yes", "no"}:
        raise ValueError("a Boolean")
    return value in {"true", "1", "yes"}


def array(text: object) -> list[Any]:
    """A JSON array."""
    value = _json_or_none(text)
    if not isinstance(value, list):
        raise ValueError("a JSON array")
    return value


def objects(text: object) -> list[Json]:
    """A JSON array of objects."""
    values = array(text)
    if not all(isinstance(value, dict) for value in values):
        raise ValueError("a JSON array of objects")
    return values


def json_object(text: object) -> Json:
    """A JSON object."""
    value = _json_or_none(text)
    if not isinstance(value, dict):
        raise ValueError("a JSON object")
    return value


def _json_or_none(text: object) -> Any:
    try:
        value = json.loads(str(text))
        # A lone surrogate may stand escaped inside.
        return value if encodable(json.dumps(value, ensure_ascii=False)) else None
    except (ValueError, RecursionError):
        return None


def _attached(value: object, info: ValidationInfo) -> object:
    """The upload that `attach://name` means; a file_id, or an upload, as it is."""
    given = info.context
    if isinstance(given, Given) and isinstance(value, str) and value.startswith(ATTACH):
        return given.attached(value)
    return value


Integer = Annotated[int, BeforeValidator(integer)]
Boolean = Annotated[bool, BeforeValidator(boolean)]
Array = Annotated[list[Any], BeforeValidator(array)]
ListOf = Annotated[list[Read], BeforeValidator(objects)]
ObjectOf = Annotated[Read, BeforeValidator(json_object)]
File = Annotated[str | InstanceOf[Upload], BeforeValidator(_attached)]
