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

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox.bot_api.api_errors import ApiError, bad_request

MAX_BODY = 50 * 1024 * 1024  # bytes; Telegram's limit for an upload, with all its parameters
ATTACH = "attach://"
NOT_UTF8 = "strings must be encoded in UTF-8"
CHUNK = 64 * 1024
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
        if isinstance(value, str) and not encodable(value):
            raise bad_request(NOT_UTF8)
        if isinstance(value, Upload):
            self.uploads[name] = value
        else:
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
    found = Given()
    for name, value in request.query.items():
        found.add(name, value)
    if request.method != "POST" or not request.body_exists:
        return found
    if request.content_type == "multipart/form-data":
        await _read_multipart(request, found)
        return found
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise too_large() from error
    if not body:
        return found
    for name, value in _read_body(request.content_type, _decoded(body)):
        found.add(name, value)
    return found


def too_large() -> ApiError:
    """413: more than 50 MB."""
    return ApiError(413, "Request Entity Too Large")


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise bad_request(NOT_UTF8) from error


def encodable(text: str) -> bool:
    """Whether the text is free of lone surrogates, which JSON can spell and UTF-8 cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _read_body(content_type: str, body: str) -> Iterable[tuple[str, str]]:
    if content_type == "application/x-www-form-urlencoded":
        try:
            return parse_qsl(body, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError as error:
            raise bad_request(NOT_UTF8) from error
    if content_type == "application/json":
        values = load_json(body, "the request's body")
        if not isinstance(values, dict):
            raise bad_request("the request's body must be a JSON object")
        return [(name, _as_text(value)) for name, value in values.items() if value is not None]
    raise bad_request(f'unsupported content type "{content_type}"')


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


async def _read_multipart(request: web.Request, found: Given) -> None:
    left = MAX_BODY
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                raise bad_request("each part of a multipart form needs a name")
            data = bytearray()
            while chunk := await part.read_chunk(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise too_large()
                data += chunk
            if part.filename is None:
                found.add(part.name, _decoded(bytes(data)))
            else:
                mime_type = part.headers.get("Content-Type", "application/octet-stream")
                found.add(part.name, Upload(bytes(data), part.filename, mime_type))
    except MALFORMED as error:
        raise bad_request("can't parse the multipart form") from error


def load_json(text: str, what: str) -> Any:
    """Parse JSON; 400 that names `what` otherwise."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"can't parse {what}: it is not valid JSON") from error
