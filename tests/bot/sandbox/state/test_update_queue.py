"""Long polling: offsets, limits, kinds, and the one poller at a time."""

import asyncio

from telegram import Bot

from bot.sandbox.server import serve
from bot.sandbox.state.update_queue import Updates
from tests.bot.sandbox.conftest import Http
from tests.helpers.bot.sandbox import GUEST, TOKEN, Sandbox
from tests.helpers.waiting import until


async def test_updates_come_again_until_an_offset_confirms_them(
    http: Http, sandbox: Sandbox
) -> None:
    for text in ("one", "two", "three"):
        await sandbox.send_text(GUEST.id, text)
    first = await http.call("getUpdates")
    assert [update["message"]["text"] for update in first] == ["one", "two", "three"]
    assert await http.call("getUpdates") == first
    assert await http.call("getUpdates", limit=1) == first[:1]
    assert await http.call("getUpdates", offset=first[1]["update_id"]) == first[1:]
    assert await http.call("getUpdates") == first[1:]
    assert await http.call("getUpdates", offset=first[2]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_last(http: Http, sandbox: Sandbox) -> None:
    for text in ("one", "two", "three"):
        await sandbox.send_text(GUEST.id, text)
    [last] = await http.call("getUpdates", offset=-1)
    assert last["message"]["text"] == "three"
    assert await http.call("getUpdates") == [last]


async def test_a_poll_waits_for_an_update(http: Http, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(http.call("getUpdates", timeout=30))
    await until(lambda: sandbox.requests)
    await sandbox.send_text(GUEST.id, "now")
    [update] = await poll
    assert update["message"]["text"] == "now"


async def test_a_second_poller_ends_the_first(http: Http, sandbox: Sandbox) -> None:
    first = asyncio.create_task(http.refused("getUpdates", timeout=30))
    await until(lambda: sandbox.updates.polled)
    second = asyncio.create_task(http.call("getUpdates", timeout=30))
    assert await first == (
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )
    await sandbox.send_text(GUEST.id, "for the second")
    assert len(await second) == 1


async def test_a_waiting_poll_ends_empty_when_the_server_ends() -> None:
    sandbox = Sandbox()
    async with serve(sandbox) as (_, url):
        bot = Bot(TOKEN, base_url=f"{url}/bot")
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await until(lambda: sandbox.updates.polled)
    assert await poll == ()
    await bot.shutdown()


async def test_the_server_can_come_back_with_what_it_held() -> None:
    sandbox = Sandbox()
    async with serve(sandbox):
        await sandbox.send_text(GUEST.id, "held")
    async with serve(sandbox) as (_, url), Bot(TOKEN, f"{url}/bot") as bot:
        [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "held"


async def test_only_the_kinds_that_the_bot_asked_for_come(http: Http, sandbox: Sandbox) -> None:
    await http.call("getUpdates", allowed_updates=["callback_query"])
    await sandbox.send_text(GUEST.id, "unasked for")
    assert await http.call("getUpdates") == []
    await http.call("getUpdates", allowed_updates=[])
    await sandbox.send_text(GUEST.id, "asked for")
    assert len(await http.call("getUpdates")) == 1


def test_numbers_go_on_after_a_restart() -> None:
    before, after = Updates(), Updates()
    before.add("message", {})
    last = before.pending[-1]["update_id"]
    # A restart takes longer than a millisecond, and fewer than 1000 updates came each second.
    after._ids = iter(range(last + 1, last + 2))  # type: ignore[assignment]
    after.add("message", {})
    assert after.pending[0]["update_id"] > last


async def test_an_update_is_a_snapshot(http: Http, sandbox: Sandbox) -> None:
    message = await sandbox.send_text(GUEST.id, "before")
    await sandbox.edit_text(GUEST.id, message["message_id"], "after")
    [sent, edited] = await http.call("getUpdates")
    assert sent["message"]["text"] == "before"
    assert edited["edited_message"]["text"] == "after"
