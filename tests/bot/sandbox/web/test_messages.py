"""The bot's messages on the page: placed, drawn, safe, with buttons that work."""

import pytest
from playwright.async_api import expect
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode

from bot.sandbox.telegram import GUEST
from tests.bot.sandbox.web.page import KEYBOARD, Chat, in_chromium
from tests.helpers.photos import picture

pytestmark = in_chromium

HOSTILE = "<img src=x onerror=\"document.title='broken into'\"><b>bold</b>"


async def test_a_button_waits_and_shows_the_answer(chat: Chat) -> None:
    message = await chat.bot.send_photo(
        GUEST.id, picture(form="PNG"), caption="Sneaker, 93 %", reply_markup=KEYBOARD
    )
    key = chat.page.get_by_role("button", name="Right")
    await key.click()
    await expect(key).to_have_attribute("aria-busy", "true")
    update = await chat.update("callback_query")
    assert update.callback_query is not None
    assert update.callback_query.data == "yes"
    await chat.bot.answer_callback_query(update.callback_query.id, "Noted")
    await expect(chat.page.locator("#toast")).to_have_text("Noted")
    await expect(key).not_to_have_attribute("aria-busy", "true")
    await chat.bot.edit_message_caption(GUEST.id, message.message_id, caption="Sneaker, thank you")
    await expect(chat.bubble(message.message_id)).to_contain_text("Sneaker, thank you")
    await expect(key).to_have_count(0)


async def test_an_alert_waits_for_ok(chat: Chat) -> None:
    await chat.say("Right?", reply_markup=KEYBOARD)
    await chat.page.get_by_role("button", name="Wrong").click()
    update = await chat.update("callback_query")
    assert update.callback_query is not None
    await chat.bot.answer_callback_query(update.callback_query.id, "Not yet", show_alert=True)
    await expect(chat.page.get_by_role("dialog")).to_contain_text("Not yet")
    await chat.page.get_by_role("button", name="OK").click()
    await expect(chat.page.get_by_role("dialog")).to_have_count(0)


async def fill(chat: Chat) -> list[Message]:
    """More messages than the page can show at once."""
    messages = [await chat.say(f"Message {number}\nwith a second line") for number in range(20)]
    await expect(chat.page.locator(".message")).to_have_count(20)
    return messages


async def place_of(chat: Chat, message: Message) -> float:
    box = await chat.bubble(message.message_id).bounding_box()
    assert box is not None
    return box["y"]


async def test_an_edit_happens_in_place(chat: Chat) -> None:
    await chat.page.emulate_media(reduced_motion="reduce")  # bubbles do not move while measured
    messages = await fill(chat)
    await chat.page.locator("#messages").evaluate("(list) => { list.scrollTop = 400; }")
    await expect(chat.page.locator("#pill")).to_be_visible()
    seen = messages[10]
    before = await place_of(chat, seen)
    await chat.bot.edit_message_text("Longer\n" * 9, GUEST.id, messages[0].message_id)
    edited = chat.bubble(messages[0].message_id)
    await expect(edited.locator(".meta__edited")).to_have_text("edited")
    assert await place_of(chat, seen) == pytest.approx(before, abs=2)
    await expect(chat.page.locator(".message").first).to_contain_text("Longer")


async def test_new_messages_wait_below_for_a_reader(chat: Chat) -> None:
    messages = await fill(chat)
    await expect(chat.bubble(messages[-1].message_id)).to_be_in_viewport()
    await chat.page.locator("#messages").evaluate("(list) => { list.scrollTop = 0; }")
    await expect(chat.page.locator("#pill")).to_be_visible()
    newest = await chat.say("The newest")
    pill = chat.page.get_by_role("button", name="1 new message")
    await expect(pill).to_be_visible()
    await expect(chat.bubble(newest.message_id)).not_to_be_in_viewport()
    await pill.click()
    await expect(chat.bubble(newest.message_id)).to_be_in_viewport()
    await expect(chat.page.locator("#pill")).to_be_hidden()


async def test_a_quote_leads_to_its_message(chat: Chat) -> None:
    messages = await fill(chat)
    await chat.say("See above", reply_parameters=ReplyParameters(messages[0].message_id))
    await expect(chat.bubble(messages[0].message_id)).not_to_be_in_viewport()
    await chat.page.locator(".quote").click()
    await expect(chat.bubble(messages[0].message_id)).to_be_in_viewport()


async def test_a_deleted_message_goes(chat: Chat) -> None:
    message = await chat.say("Soon gone")
    await expect(chat.bubble(message.message_id)).to_be_visible()
    await chat.bot.delete_message(GUEST.id, message.message_id)
    await expect(chat.page.locator(".message")).to_have_count(0)
    await expect(chat.page.locator("#empty")).to_be_visible()


async def test_a_command_in_a_text_is_sent_by_a_click(chat: Chat) -> None:
    await chat.say("Look at /classes, or at a/b")
    await expect(chat.page.locator(".command")).to_have_count(1)
    await chat.page.locator(".command").click()
    [message] = await chat.received()
    assert message["text"] == "/classes"


async def test_entities_are_drawn(chat: Chat) -> None:
    text = '<b>Sneaker <i>93 %</i></b>, <code>&lt;ann&gt;</code> 👟 <a href="https://example.org/">more</a>'
    message = await chat.say(text, parse_mode=ParseMode.HTML)
    shown = chat.bubble(message.message_id).locator(".text")
    await expect(shown.locator("strong")).to_have_text("Sneaker 93 %")
    await expect(shown.locator("strong em")).to_have_text("93 %")
    await expect(shown.locator("code")).to_have_text("<ann>")
    await expect(shown.locator("a")).to_have_attribute("href", "https://example.org/")
    await expect(shown.locator("a")).to_have_text("more")


async def test_hostile_words_stay_words(chat: Chat) -> None:
    title = await chat.page.title()
    await chat.bot.set_my_commands([BotCommand("classes", HOSTILE)])
    message = await chat.say(
        HOSTILE,
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(HOSTILE, callback_data="no")]]),
    )
    photo = await chat.bot.send_photo(
        GUEST.id, picture(), caption=HOSTILE, reply_parameters=ReplyParameters(message.message_id)
    )
    await expect(chat.bubble(message.message_id).locator(".text")).to_contain_text(HOSTILE)
    await expect(chat.bubble(message.message_id).locator(".key")).to_have_text(HOSTILE)
    await expect(chat.bubble(photo.message_id).locator(".quote i")).to_have_text(HOSTILE)
    await expect(chat.bubble(photo.message_id).locator(".text")).to_contain_text(HOSTILE)
    await chat.write(HOSTILE)
    await expect(chat.page.locator(".message--mine .text")).to_contain_text(HOSTILE)
    await chat.page.get_by_role("button", name="Commands").click()
    await expect(chat.page.get_by_role("option")).to_contain_text([HOSTILE])
    await expect(chat.page.locator("img[src=x]")).to_have_count(0)
    assert await chat.page.title() == title


async def test_a_script_address_is_no_link(chat: Chat) -> None:
    links = await chat.page.evaluate(
        """async () => {
            const { safeUrl } = await import("/web/messages/entities.js");
            return ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "nonsense", "https://example.org/a"].map(safeUrl);
        }"""
    )
    assert links == [None, None, None, None, "https://example.org/a"]
