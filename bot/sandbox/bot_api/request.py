"""A request's parameters and files, from any part of the request.

Telegram takes parameters from the query string, a JSON body, a URL-encoded form or a multipart
form, and treats each value as text. So does this module: a JSON value that is not a string becomes
its JSON text, and `objects` reads typed values from text.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox.bot_api.api_errors import ApiError, bad_request

MAX_BODY = 50 * 1024 * 1024  # bytes; Telegram's limit for an upload, with all its parameters
ATTACH = "attach://"
NOT_UTF8 = "strings must be encoded in UTF-8"
# What aiohttp raises for a multipart form that is cut short or malformed.
MALFORMED = (ValueError, AssertionError, HttpProcessingError)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart form."""

    data: bytes
    file_name: str
    mime_type: str


@dataclass(slots=True)
class Given:
    """The parameters of one request as they came: texts and uploads by name."""

    texts: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    attachments: set[str] = field(default_factory=set)  # the uploads that other parameters named

    def add(self, name: str, value: str | Upload) -> None:
        """Take in one parameter; 400 if it comes twice."""
        if name in self.texts or name in self.uploads:
            raise bad_request(f'parameter "{name}" is given twice')
        if isinstance(value, Upload):
            self.uploads[name] = value
            return
        # JSON can spell lone surrogates, and UTF-8 cannot.
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise bad_request(NOT_UTF8)
        self.texts[name] = value

    def attached(self, reference: str) -> Upload:
        """The upload that `attach://name` means; 400 if there is none."""
        name = reference.removeprefix(ATTACH)
        if name not in self.uploads:
            raise bad_request(f'no file is attached for "{reference}"')
        self.attachments.add(name)
        return self.uploads[name]


async def read(request: web.Request) -> Given:
    """Read a request's parameters. Raises ApiError: 400 for a malformed body, 413 over 50 MB."""
    try:
        body = await _read_body(request) if request.method == "POST" else ()
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiError(413, "Request Entity Too Large") from error
    except UnicodeDecodeError as error:
        raise bad_request(NOT_UTF8) from error
    except MALFORMED as error:
        raise bad_request("can't parse the multipart form") from error
    found = Given()
    parameters: list[tuple[str, str | Upload]] = [*request.query.items(), *body]
    for name, value in parameters:
        found.add(name, value)
    return found


async def _read_body(request: web.Request) -> Iterable[tuple[str, str | Upload]]:
    if request.content_type == "multipart/form-data":
        return [(name, _part(value)) for name, value in (await request.post()).items()]
    body = (await request.read()).decode()
    if not body:
        return []
    match request.content_type:
        case "application/x-www-form-urlencoded":
            return parse_qsl(body, keep_blank_values=True, errors="strict")
        case "application/json":
            return _json_members(body)
        case other:
            raise bad_request(f'unsupported content type "{other}"')


def _part(value: str | bytes | bytearray | web.FileField) -> str | Upload:
    if isinstance(value, web.FileField):
        return Upload(value.file.read(), value.filename, value.content_type)
    return value if isinstance(value, str) else value.decode()


def _json_members(body: str) -> list[tuple[str, str]]:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise bad_request("can't parse the request's body: it is not valid JSON") from error
    if not isinstance(values, dict):
        raise bad_request("the request's body must be a JSON object")
    return [(name, as_text(value)) for name, value in values.items() if value is not None]


def as_text(value: object) -> str:
    """A string as it is, any other value as its JSON."""
    return value if isinstance(value, str) else json.dumps(value)
