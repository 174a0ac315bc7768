"""The kinds of a method's parameters: each is read from text, as Telegram does."""

import json
import re
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, InstanceOf, ValidationInfo

from bot.sandbox.bot_api.request import ATTACH, Given, Json, Upload, encodable

Read = TypeVar("Read")


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
