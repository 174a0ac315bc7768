"""The parameters and objects that a bot gives, checked by pydantic.

A parameter is read from text, as Telegram does; what is in an object has a type of its own.
"""

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
    model_validator,
)
from pydantic_core import ErrorDetails, from_json

from bot.sandbox.bot_api.api_errors import ApiError, bad_request
from bot.sandbox.bot_api.request import ATTACH, Given, Json, Upload

Read = TypeVar("Read")

EXPECTED = {
    "string_type": "a String",
    "int_type": "an Integer",
    "bool_type": "a Boolean",
    "bool_parsing": "a Boolean",
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

    @model_validator(mode="wrap")
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

    model_config = ConfigDict(strict=False)

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


def array(text: object) -> list[Any]:
    """A JSON array."""
    return _json(text, list, "a JSON array")


def objects(text: object) -> list[Json]:
    """A JSON array of objects."""
    values = array(text)
    if not all(isinstance(value, dict) for value in values):
        raise ValueError("a JSON array of objects")
    return values


def json_object(text: object) -> Json:
    """A JSON object."""
    return _json(text, dict, "a JSON object")


def _json(text: object, kind: type[Read], expected: str) -> Read:
    try:
        value = from_json(str(text))
    except ValueError:  # a lone surrogate that stands escaped inside is one, too
        value = None
    if not isinstance(value, kind):
        raise ValueError(expected)
    return value


def _attached(value: object, info: ValidationInfo) -> object:
    """The upload that `attach://name` means; a file_id, or an upload, as it is."""
    given = info.context
    if isinstance(given, Given) and isinstance(value, str) and value.startswith(ATTACH):
        return given.attached(value)
    return value


def filled(**fields: Any) -> Json:
    """The fields of an object that are not empty: Telegram leaves out the others."""
    return {name: value for name, value in fields.items() if value}


Integer = Annotated[int, BeforeValidator(integer)]
Array = Annotated[list[Any], BeforeValidator(array)]
ListOf = Annotated[list[Read], BeforeValidator(objects)]
ObjectOf = Annotated[Read, BeforeValidator(json_object)]
File = Annotated[str | InstanceOf[Upload], BeforeValidator(_attached)]
