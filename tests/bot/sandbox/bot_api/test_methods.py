"""Each method, called by python-telegram-bot: what it returns is what the library can read."""

import asyncio
import io

import pytest
from PIL import Image
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MenuButtonCommands,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import BadRequest, Forbidden

from tests.helpers.bot.sandbox import ADMIN, GUEST, Sandbox
from tests.helpers.photos import gradient

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Right", callback_data="right")]])


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot
    assert me.id == int(bot.token.split(":")[0])


async def test_a_text_is_edited(bot: Bot, sandbox: Sandbox) -> None:
    message = await bot.send_message(GUEST.id, "One", reply_markup=BUTTONS)
    edited = await message.edit_text("Two")
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Two", None)
    assert edited.edit_date is not None
    assert sandbox.messages(GUEST.id)[0]["text"] == "Two"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await message.edit_text("Two")
    with pytest.raises(BadRequest, match="no caption in the message to edit"):
        await message.edit_caption("x")


async def test_a_photo_its_caption_and_its_buttons_are_edited(bot: Bot) -> None:
    message = await bot.send_photo(GUEST.id, gradient(), caption="One", reply_markup=BUTTONS)
    edited = await message.edit_caption("Two", reply_markup=BUTTONS)
    assert not isinstance(edited, bool)
    assert (edited.caption, edited.reply_markup) == ("Two", BUTTONS)
    edited = await message.edit_reply_markup()
    assert not isinstance(edited, bool)
    assert (edited.caption, edited.reply_markup) == ("Two", None)
    edited = await message.edit_media(InputMediaPhoto(gradient((80, 60)), caption="Three"))
    assert not isinstance(edited, bool)
    assert (edited.photo[-1].width, edited.caption) == (80, "Three")
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await message.edit_text("x")


async def test_only_the_bots_own_messages_are_edited(bot: Bot, sandbox: Sandbox) -> None:
    message = await sandbox.send_text(GUEST.id, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", GUEST.id, message["message_id"])
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("yours", GUEST.id, 1)


async def test_a_message_is_deleted_once(bot: Bot, sandbox: Sandbox) -> None:
    message = await bot.send_message(GUEST.id, "x")
    assert await message.delete()
    assert sandbox.messages(GUEST.id) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await message.delete()


async def test_a_press_gets_its_answer_once(bot: Bot, sandbox: Sandbox) -> None:
    message = await bot.send_message(GUEST.id, "x", reply_markup=BUTTONS)
    press = asyncio.create_task(sandbox.press(GUEST.id, message.message_id, "right"))
    [update] = await bot.get_updates(timeout=5)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("right", GUEST.id)
    assert query.message is not None
    assert query.message.message_id == message.message_id
    await query.answer("Thank you")
    assert await press == "Thank you"
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer("Thank you")


async def test_a_press_that_nobody_answers_gives_up(bot: Bot, sandbox: Sandbox) -> None:
    message = await bot.send_message(GUEST.id, "x", reply_markup=BUTTONS)
    assert await sandbox.press(GUEST.id, message.message_id, "right", timeout=0) is None
    [update] = await bot.get_updates(timeout=5)
    assert update.callback_query is not None
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer()


async def test_a_person_who_blocks_the_bot_is_out_of_reach(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.block(GUEST.id, True)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(GUEST.id, "x")
    with pytest.raises(Forbidden):
        await bot.send_chat_action(GUEST.id, "typing")
    [update] = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    sandbox.block(GUEST.id, False)
    await bot.send_message(GUEST.id, "x")


async def test_a_stranger_has_no_chat_until_they_write(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.strangers.add(ADMIN.id)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(ADMIN.id, "x")
    await sandbox.send_text(ADMIN.id, "/start")
    await bot.send_message(ADMIN.id, "x")


async def test_the_bots_texts_are_kept_per_language(bot: Bot, sandbox: Sandbox) -> None:
    await bot.set_my_description("Names garments")
    await bot.set_my_description("Nombra prendas", language_code="es")
    await bot.set_my_short_description("Short")
    said = sandbox.profile.get
    assert said("description", "es") == "Nombra prendas"
    assert said("description", "fr") == "Names garments"
    assert said("short_description", "") == "Short"
    await bot.set_my_description(None, language_code="es")
    assert said("description", "es") == "Names garments"


async def test_what_a_person_sends_can_be_read(bot: Bot, sandbox: Sandbox) -> None:
    await sandbox.send_text(GUEST.id, "/start now", forwarded=True)
    await sandbox.send_photo(GUEST.id, gradient(), caption="c", album="7")
    await sandbox.send_document(GUEST.id, b"%PDF", file_name="a.pdf")
    await sandbox.send_update_content(GUEST.id, {"location": {"latitude": 1.0, "longitude": 2.0}})
    text, photo, document, location = [update.message for update in await bot.get_updates()]
    assert text is not None
    assert text.forward_origin is not None
    assert text.from_user is not None
    assert text.from_user.language_code == "en"
    assert text.parse_entities() == {text.entities[0]: "/start"}
    assert photo is not None
    assert (photo.caption, photo.media_group_id) == ("c", "7")
    assert document is not None
    assert document.document is not None
    assert document.document.mime_type == "application/pdf"
    assert location is not None
    assert location.location is not None
    downloaded = await (await bot.get_file(photo.photo[0].file_id)).download_as_bytearray()
    assert Image.open(io.BytesIO(downloaded)).size == (90, 68)


async def test_an_edited_text_comes_as_such(bot: Bot, sandbox: Sandbox) -> None:
    message = await sandbox.send_text(GUEST.id, "one")
    await sandbox.edit_text(GUEST.id, message["message_id"], "/two")
    [_, edited] = await bot.get_updates()
    assert edited.edited_message is not None
    assert edited.edited_message.text == "/two"
    assert edited.edited_message.entities[0].type == "bot_command"


async def test_waiting_for_the_bot_ends(sandbox: Sandbox) -> None:
    with pytest.raises(TimeoutError, match="did not reply to message 1"):
        await sandbox.reply_to(GUEST.id, 1, timeout=0)
    with pytest.raises(TimeoutError, match="wrote nothing after message 1"):
        await sandbox.next_bot_message(GUEST.id, after=1, timeout=0)


async def test_waiting_for_the_bot_ends_with_what_it_writes(bot: Bot, sandbox: Sandbox) -> None:
    asked = await sandbox.send_text(GUEST.id, "?")
    number = asked["message_id"]
    reply = asyncio.create_task(sandbox.reply_to(GUEST.id, number))
    anything = asyncio.create_task(sandbox.next_bot_message(GUEST.id, after=number))
    await bot.send_message(GUEST.id, "First")
    first = await bot.send_message(GUEST.id, "Second", reply_to_message_id=number)
    await bot.send_message(GUEST.id, "Third", reply_to_message_id=number)
    assert (await anything)["text"] == "First"
    assert (await reply)["text"] == "Second"
    assert (await sandbox.reply_to(GUEST.id, number, after=first.message_id))["text"] == "Third"


async def test_the_menu_button_opens_the_commands(bot: Bot) -> None:
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.set_chat_menu_button(GUEST.id, MenuButtonDefault())
    with pytest.raises(BadRequest, match="web app"):
        await bot.set_chat_menu_button(
            menu_button=MenuButtonWebApp("Shop", WebAppInfo("https://example.org"))
        )
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_chat_menu_button(4040)
