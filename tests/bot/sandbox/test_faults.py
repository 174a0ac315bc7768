"""Faults on request: each goes wrong as it says, as often as it says, and nothing else does."""

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter

from tests.bot.sandbox.conftest import Http
from tests.helpers.bot.faults import Faults
from tests.helpers.bot.sandbox import GUEST, TOKEN, Sandbox
from tests.helpers.photos import gradient
from tests.helpers.waiting import until


async def test_429_says_when_to_come_back(http: Http, sandbox: Sandbox) -> None:
    sandbox.faults.add("sendMessage", "429", retry_after=7)
    status, body = await http.post("sendMessage", json={"chat_id": 1001, "text": "x"})
    assert status == 429
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    await http.call("sendMessage", chat_id=1001, text="x")


async def test_the_library_understands_each(bot: Bot, sandbox: Sandbox) -> None:
    for kind, error in (("429", RetryAfter), ("500", NetworkError), ("forbidden", Forbidden)):
        sandbox.faults.add("sendMessage", kind)  # type: ignore[arg-type]
        with pytest.raises(error):
            await bot.send_message(GUEST.id, "x")
    assert sandbox.messages(GUEST.id) == []


@pytest.mark.parametrize(("kind", "left"), [("drop", 0), ("lost", 1)])
async def test_a_cut_connection(http: Http, sandbox: Sandbox, kind: str, left: int) -> None:
    sandbox.faults.add("sendMessage", kind)  # type: ignore[arg-type]
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.post("sendMessage", json={"chat_id": 1001, "text": "x"})
    assert len(sandbox.messages(GUEST.id)) == left


async def test_an_error_may_be_lost_too(http: Http, sandbox: Sandbox) -> None:
    sandbox.faults.add("sendMessage", "lost")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.post("sendMessage", json={"chat_id": 1})


async def test_a_delay_ends(http: Http, sandbox: Sandbox) -> None:
    sandbox.faults.add("sendMessage", "delay", seconds=30)
    slow = asyncio.create_task(http.call("sendMessage", chat_id=1001, text="slow"))
    await until(lambda: sandbox.requests)
    await http.call("sendMessage", chat_id=1001, text="quick")
    assert [message["text"] for message in sandbox.messages(GUEST.id)] == ["quick"]
    slow.cancel()
    sandbox.faults.add("sendMessage", "delay", seconds=0)
    await http.call("sendMessage", chat_id=1001, text="on time")


async def test_a_download_goes_wrong(http: Http, sandbox: Sandbox) -> None:
    message = await sandbox.send_photo(GUEST.id, gradient())
    file = await http.call("getFile", file_id=message["photo"][-1]["file_id"])
    address = f"{http.url}/file/bot{TOKEN}/{file['file_path']}"
    sandbox.faults.add("file", "502")
    async with http.session.get(address) as answer:
        assert answer.status == 502
    sandbox.faults.add("file", "drop", times=None)  # the client tries a GET again by itself
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.session.get(address)
    sandbox.faults.clear()
    sandbox.faults.add("file", "lost")
    with pytest.raises(aiohttp.ClientPayloadError):
        async with http.session.get(address) as answer:
            await answer.read()
    async with http.session.get(address) as answer:
        assert len(await answer.read()) == file["file_size"]


async def test_a_download_needs_the_token_and_a_file(http: Http) -> None:
    for token, status in (("1:wrong", 401), (TOKEN, 404)):
        async with http.session.get(f"{http.url}/file/bot{token}/photos/file_0.jpg") as answer:
            assert answer.status == status
            assert (await answer.json())["error_code"] == status


def test_faults_are_used_up_in_order_and_each_for_its_method() -> None:
    faults = Faults()
    faults.add("sendPhoto", 500)
    faults.add("*", "drop", times=None)
    first, second = faults.take("sendphoto"), faults.take("sendPhoto")
    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == ("500", "drop")
    assert faults.take("getMe") is second
    faults.clear()
    assert faults.take("getMe") is None
    with pytest.raises(ValueError, match="There is no fault 'fire'"):
        faults.add("getMe", "fire")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least 1"):
        faults.add("getMe", "500", times=0)


async def test_a_fault_for_one_chat_leaves_the_others_alone(http: Http, sandbox: Sandbox) -> None:
    sandbox.faults.add("sendMessage", "500", times=None, chat_id=GUEST.id)
    await http.call("sendMessage", chat_id=1002, text="x")
    for _ in range(2):
        status, _ = await http.post("sendMessage", json={"chat_id": GUEST.id, "text": "x"})
        assert status == 500
    assert sandbox.messages(GUEST.id) == []
