"""HTTP to Telegram, with limits: responses are bounded, not logged, and do not block."""

import json
import logging
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.transport.updates import UnreadableError, readable

log = logging.getLogger(__name__)

# Bytes of one response: Telegram's limit for files that bots fetch. Nothing else comes near it.
MOST_BYTES = 20 * 1024 * 1024
# What a server or a proxy on the way says of a request that it would refuse again: 413, too large.
PERMANENT = frozenset(
    {
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.GONE,
        HTTPStatus.LENGTH_REQUIRED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.REQUEST_URI_TOO_LONG,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)


# A gateway that stopped waiting for the server behind it: nobody knows what became of the call. 520
# and 524 are Cloudflare's.
UNCONFIRMED = frozenset({HTTPStatus.GATEWAY_TIMEOUT, 520, 524})


class UnconfirmedError(NetworkError):
    """The call may have been made: the answer is a gateway's, or cannot be read."""


class TooLongError(TelegramError):
    """The answer has more than MOST_BYTES, or does not say how many. Asking again is pointless."""

    def __init__(self) -> None:
        super().__init__(f"the answer has more than {MOST_BYTES} bytes")


class Request(HTTPXRequest):
    """Calls Telegram. Responses that are not the Bot API's are not quoted in errors and logs.

    The library would quote them whole: a proxy's HTML page, or megabytes.
    """

    def __init__(self, *, httpx_kwargs: dict[str, Any], **options: Any) -> None:
        bounded = {
            # What is compressed has no length that could be trusted.
            "headers": {"Accept-Encoding": "identity"},
            "event_hooks": {"request": [_whole], "response": [_bound]},
        }
        super().__init__(httpx_kwargs=httpx_kwargs | bounded, **options)

    async def do_request(
        self,
        url: str,
        method: str,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[int, bytes]:
        """Return status and body.

        Raises TooLongError for a file, BadRequest for a status that is PERMANENT, UnconfirmedError,
        and what the library does.
        """
        try:
            code, payload = await super().do_request(url, method, *args, **kwargs)
        except TooLongError as error:
            if method == "GET":
                raise
            raise UnconfirmedError(str(error)) from None
        if code in PERMANENT:
            raise BadRequest(f"{HTTPStatus(code).phrase} ({code})")
        if code in UNCONFIRMED:
            raise UnconfirmedError(f"a gateway did not wait for the answer ({code})")
        succeeded = HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES
        if succeeded and method == "GET":
            return code, payload  # a file
        values = _object(payload)
        if succeeded and "result" not in values:
            raise UnconfirmedError("the response is not from a Bot API")
        return code, payload if values else b"{}"


class PollRequest(Request):
    """Polls. An update that cannot be read is skipped, as Telegram would repeat it forever."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read the answer. Raises NetworkError if it holds something without an update_id."""
        answer = _object(payload)
        if "result" in answer:
            if not isinstance(answer["result"], list):
                raise NetworkError("the response to getUpdates is not a list")
            answer["result"] = [_readable(values) for values in answer["result"]]
        return answer


def _readable(values: object) -> Any:
    try:
        return readable(values)
    except UnreadableError as error:
        if error.update_id is None:
            raise NetworkError(f"an update cannot be skipped: {error}") from None
        log.warning("Update %d is skipped: %s.", error.update_id, error)
        return {"update_id": error.update_id}


def _object(payload: bytes) -> dict[str, Any]:
    """The JSON object; an empty one for anything else."""
    try:
        values = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


async def _whole(request: httpx.Request) -> None:
    """Send the body as a whole: piece by piece, a picture with its fields takes 27 system calls."""
    await request.aread()


async def _bound(response: httpx.Response) -> None:
    """Bound the answer's body, before any of it is read."""
    length = response.headers.get("Content-Length", "0")
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding != "identity" or not length.isdecimal() or int(length) > MOST_BYTES:
        raise TooLongError
    response.stream = _Bounded(response.stream)


class _Bounded(httpx.AsyncByteStream):
    """A body of up to MOST_BYTES, even if the server declared another length."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise TooLongError
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
