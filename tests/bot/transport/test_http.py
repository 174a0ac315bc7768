"""Telegram's responses: what is read of them and what is not."""

import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from telegram import InputFile
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.transport.http import MOST_BYTES, PollRequest, Request, TooLongError, UnconfirmedError
from tests.helpers.bot.webhook import forged

URL = "http://127.0.0.1/bot1:secret/getUpdates"
Answer = Callable[[httpx.Request], httpx.Response]


def request(answer: Answer, kind: type[Request] = Request) -> Request:
    """A request that is answered so, without any network."""
    return kind(httpx_kwargs={"transport": httpx.MockTransport(answer)})


def saying(status: int, body: object) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _request: httpx.Response(status, content=content)


class TestAnswers:
    async def test_a_result_is_a_result(self) -> None:
        answer: Any = await request(saying(200, {"ok": True, "result": [1]})).post(URL)
        assert answer == [1]

    @pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"null", b"\xff", b"[" * 10_000, {}])
    async def test_what_is_none_is_an_error_that_says_little(
        self, body: object, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG), pytest.raises(UnconfirmedError) as caught:
            await request(saying(200, body)).post(URL)
        assert str(caught.value) == "the response is not from a Bot API"
        # httpx's own line of each request is silenced by the settings of the log.
        assert {record.name.partition(".")[0] for record in caplog.records} <= {"httpx"}

    @pytest.mark.parametrize("status", [502, 504, 413, 302])
    async def test_a_page_in_place_of_an_error_is_not_repeated(self, status: int) -> None:
        with pytest.raises(NetworkError) as caught:
            await request(saying(status, b"<html>a page</html>")).post(URL)
        assert f"({status})" in str(caught.value)
        assert "page" not in str(caught.value)

    async def test_what_a_bot_api_says_is_kept(self) -> None:
        with pytest.raises(BadRequest, match="Chat not found"):
            await request(saying(400, {"ok": False, "description": "Chat not found"})).post(URL)
        tired = {"ok": False, "parameters": {"retry_after": 7}, "description": "Too Many Requests"}
        with pytest.raises(RetryAfter):
            await request(saying(429, tired)).post(URL)

    async def test_a_file_is_taken_as_it_is(self) -> None:
        assert await request(saying(200, b"[1]")).retrieve(URL) == b"[1]"

    @pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {"Content-Length": "x"}])
    async def test_a_body_whose_length_nobody_knows_is_not_read(
        self, headers: dict[str, str]
    ) -> None:
        answer = request(lambda _: httpx.Response(200, headers=headers, stream=Unread()))
        with pytest.raises(TooLongError):
            await answer.retrieve(URL)

    async def test_an_answer_to_a_call_is_bounded_as_well(self) -> None:
        with pytest.raises(UnconfirmedError):
            await request(saying(200, bytes(MOST_BYTES + 1))).post(URL)

    @pytest.mark.parametrize("status", [504, 520, 524])
    async def test_after_a_gateways_patience_nobody_knows_the_outcome(self, status: int) -> None:
        refusal = {"ok": False, "error_code": status, "description": "Gateway Timeout"}
        for body in (b"<html>a page</html>", refusal):
            with pytest.raises(UnconfirmedError, match=str(status)):
                await request(saying(status, body)).post(URL)


class Unread(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"it was read"


class TestPolling:
    async def poll(self, *updates: object) -> Any:
        answer = saying(200, {"ok": True, "result": list(updates)})
        return await request(answer, PollRequest).post(URL)

    async def test_an_update_that_cannot_be_read_is_empty(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = forged(2)
        del broken["message"]["chat"]
        first, second, third = await self.poll(forged(1), broken, forged(3))
        assert (first["message"]["text"], third["message"]["text"]) == ("/start", "/start")
        assert second == {"update_id": 2}
        assert "Update 2 is skipped" in caplog.text
        assert "Guest" not in caplog.text

    async def test_what_cannot_be_stepped_over_is_an_error_and_no_endless_loop(self) -> None:
        odds: tuple[object, ...] = ({}, [], None, {"update_id": "1"}, {"message": {}})
        for odd in odds:
            with pytest.raises(NetworkError, match="cannot be skipped"):
                await self.poll(forged(1), odd)

    async def test_a_result_that_is_no_list_is_an_error(self) -> None:
        with pytest.raises(NetworkError, match="is not a list"):
            await request(saying(200, {"ok": True, "result": {}}), PollRequest).post(URL)

    async def test_an_error_is_still_one(self) -> None:
        answer = saying(400, {"ok": False, "description": "no"})
        with pytest.raises(BadRequest):
            await request(answer, PollRequest).post(URL)


class Pieces(httpx.AsyncBaseTransport):
    """Notes the pieces in which a body comes."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        self.seen = [piece async for piece in request.stream]
        return httpx.Response(200, json={"ok": True, "result": True})


async def test_a_picture_and_its_fields_are_sent_as_a_whole() -> None:
    pieces, picture = Pieces(), bytes(300_000)
    data = RequestData(
        [
            RequestParameter.from_input("chat_id", 1),
            RequestParameter.from_input("photo", InputFile(picture, "answer.png")),
        ]
    )

    await Request(httpx_kwargs={"transport": pieces}).post(URL, data)

    assert len(pieces.seen) == 1
    assert picture in pieces.seen[0]
