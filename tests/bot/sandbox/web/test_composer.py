"""Sending from the web chat: texts, photos by every way, albums, files, refusals."""

import asyncio

from playwright.async_api import Route, expect
from telegram import (
    ReplyParameters,
)

from tests.bot.sandbox.web.page import Chat, in_chromium, set_commands, upload
from tests.helpers.photos import picture

pytestmark = in_chromium


async def test_an_empty_chat_offers_to_start(chat: Chat) -> None:
    await chat.page.get_by_role("button", name="Start").click()
    [message] = await chat.received()
    assert message["text"] == "/start"
    await expect(chat.page.locator("#empty")).to_be_hidden()
    await expect(chat.page.locator(".message--mine")).to_have_count(1)


async def test_a_text_is_sent_and_answered_in_order(chat: Chat) -> None:
    await chat.write("hello")
    [message] = await chat.received()
    answer = await chat.say(
        "And hello to you", reply_parameters=ReplyParameters(message["message_id"])
    )
    await expect(chat.page.locator(".message .text")).to_have_count(2)
    await expect(chat.page.locator(".message").nth(0)).to_contain_text("hello")
    await expect(chat.bubble(answer.message_id).locator(".quote")).to_contain_text("Guest")
    await expect(chat.page.locator(".message").nth(0)).to_contain_class("message--mine")
    await expect(chat.page.locator(".message").nth(1)).to_contain_class("message--theirs")
    await expect(chat.page.locator("#text")).to_have_value("")


async def test_an_own_message_is_never_there_twice(chat: Chat) -> None:
    """Its event may come before the answer to its upload, which is held back here."""
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        response = await route.fetch()
        await released.wait()
        await route.fulfill(response=response)

    await chat.page.route(
        "**/messages",
        lambda route: hold(route) if route.request.method == "POST" else route.continue_(),
    )
    await chat.write("only once")
    await chat.received()
    sign = chat.page.locator(".message--mine .meta use")
    await expect(sign).to_have_attribute("href", "#icon-check")
    await expect(chat.page.locator(".message--mine")).to_have_count(1)
    released.set()
    await chat.write("and again")
    await chat.received(2)
    await expect(chat.page.locator(".message--mine")).to_have_count(2)
    await expect(chat.page.locator('[href="#icon-clock"]')).to_have_count(0)


async def assert_one_shown_photo(chat: Chat, caption: str | None = None) -> None:
    """The photo reached the sandbox, and stands once and really drawn on the page."""
    [message] = await chat.received()
    assert message["photo"]
    assert message.get("caption") == caption
    bubble = chat.bubble(message["message_id"])
    await expect(bubble.locator(".photo img")).to_be_visible()
    await expect(bubble.locator(".photo img")).to_have_attribute(
        "src", "/chat/files/" + message["photo"][-1]["file_id"]
    )
    await chat.page.wait_for_function("document.querySelector('.photo img').naturalWidth === 640")
    await expect(chat.page.locator(".message--mine")).to_have_count(1)
    await expect(chat.page.locator("#tray")).to_be_hidden()


async def test_a_photo_by_button(chat: Chat) -> None:
    await chat.page.get_by_role("button", name="Attach").click()
    async with chat.page.expect_file_chooser() as chooser:
        await chat.page.get_by_role("menuitem", name="Photo").click()
    await (await chooser.value).set_files(upload(picture()))
    await expect(chat.page.locator("#tray")).to_contain_text("1 photo")
    await chat.write("What is it?")
    await assert_one_shown_photo(chat, "What is it?")


async def test_a_photo_by_drop(chat: Chat) -> None:
    await chat.transfer("dragenter", [picture()])
    await expect(chat.page.locator("#drop")).to_be_visible()
    await chat.transfer("drop", [picture()])
    await expect(chat.page.locator("#drop")).to_be_hidden()
    await chat.page.get_by_role("button", name="Send").click()
    await assert_one_shown_photo(chat)


async def test_a_file_by_drop_on_its_zone(chat: Chat) -> None:
    await chat.transfer("drop", [picture()], "[data-drop=file]")
    await expect(chat.page.locator("#tray")).to_contain_text("1 file")
    await chat.page.get_by_role("button", name="Send").click()
    [message] = await chat.received()
    assert message["document"]["file_name"] == "photo0.jpg"
    await expect(chat.bubble(message["message_id"]).locator(".file")).to_contain_text("photo0.jpg")


async def test_a_photo_by_paste(chat: Chat) -> None:
    await chat.transfer("paste", [picture()], "#text")
    await expect(chat.page.locator(".tray__item")).to_have_count(1)
    await chat.page.get_by_role("button", name="Send").click()
    await assert_one_shown_photo(chat)


async def test_several_photos_make_one_album(chat: Chat) -> None:
    await chat.transfer("drop", [picture(colour) for colour in ("red", "green", "blue", "gold")])
    await chat.page.get_by_role("button", name="Remove photo3.jpg").click()
    await chat.write("Three")
    messages = await chat.received(3)
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["Three", None, None]
    await expect(chat.page.locator(".album .photo")).to_have_count(3)
    await expect(chat.page.locator(".album .progress")).to_have_count(0)
    await expect(chat.page.locator(".message")).to_have_count(1)
    await chat.page.locator(".album .photo").nth(1).click()
    await expect(chat.page.locator("#viewer-previous")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.locator("#viewer")).to_be_hidden()


async def test_a_refused_photo_says_why_and_can_go_as_a_file(chat: Chat) -> None:
    await chat.page.set_input_files("#photo-input", [upload(b"no picture at all", "broken.jpg")])
    await chat.page.get_by_role("button", name="Send").click()
    failure = chat.page.get_by_role("alert").filter(has_text="Try again")
    await expect(failure.locator("span")).to_contain_text("not a photo that can be read")
    await failure.get_by_role("button", name="Send as a file").click()
    [message] = await chat.received()
    assert message["document"]["file_name"] == "broken.jpg"
    await expect(chat.page.locator(".failure")).to_have_count(0)
    await expect(chat.page.locator(".message--mine")).to_have_count(1)


async def test_commands_complete_while_typing(chat: Chat) -> None:
    await set_commands(chat)
    await chat.page.locator("#text").press_sequentially("/")
    await expect(chat.page.get_by_role("option")).to_have_count(2)
    await chat.page.locator("#text").press_sequentially("he")
    await expect(chat.page.get_by_role("option")).to_have_count(1)
    await chat.page.keyboard.press("Enter")
    [message] = await chat.received()
    assert message["text"] == "/help"
    await expect(chat.page.locator("#text")).to_have_value("")
    await expect(chat.page.locator("#commands")).to_be_hidden()
