"""The methods that send, called by python-telegram-bot."""

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest

from tests.helpers.bot.sandbox import ADMIN, GUEST, Sandbox
from tests.helpers.photos import gradient

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Right", callback_data="right")]])


async def test_a_text_arrives_and_numbers_rise(bot: Bot, sandbox: Sandbox) -> None:
    first = await bot.send_message(GUEST.id, "  One ")
    second = await bot.send_message(GUEST.id, "Two")
    assert second.message_id > first.message_id
    assert [message["text"] for message in sandbox.messages(GUEST.id)] == ["One", "Two"]
    assert sandbox.messages(ADMIN.id) == []


async def test_a_reply_names_its_message(bot: Bot, sandbox: Sandbox) -> None:
    asked = await sandbox.send_text(GUEST.id, "?")
    number = asked["message_id"]
    for answer in (
        await bot.send_message(GUEST.id, "!", reply_to_message_id=number),
        await bot.send_message(GUEST.id, "!", reply_parameters=ReplyParameters(number)),
    ):
        assert answer.reply_to_message is not None
        assert answer.reply_to_message.message_id == number
    assert (await sandbox.reply_to(GUEST.id, number))["text"] == "!"


async def test_a_reply_to_nothing_is_refused_unless_allowed(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(GUEST.id, "!", reply_to_message_id=1)
    alone = await bot.send_message(
        GUEST.id, "!", reply_parameters=ReplyParameters(1, allow_sending_without_reply=True)
    )
    assert alone.reply_to_message is None
    with pytest.raises(BadRequest, match="another chat"):
        await bot.send_message(GUEST.id, "!", reply_parameters=ReplyParameters(1, chat_id=ADMIN.id))


@pytest.mark.parametrize("option", ["protect_content", "link_preview_options", "has_spoiler"])
async def test_options_that_the_page_cannot_show_are_refused(bot: Bot, option: str) -> None:
    with pytest.raises(BadRequest, match=f'does not support the parameter "{option}"'):
        await bot.send_message(GUEST.id, "x", api_kwargs={option: True})


async def test_options_stay_with_the_message(bot: Bot) -> None:
    message = await bot.send_message(
        GUEST.id,
        "See https://example.org",
        disable_notification=True,
        entities=[MessageEntity("bold", 0, 3)],
        reply_markup=BUTTONS,
    )
    assert [entity.type for entity in message.entities] == ["bold", "url"]
    assert message.reply_markup == BUTTONS


@pytest.mark.parametrize(("length", "fine"), [(4096, True), (4097, False)])
async def test_a_text_has_at_most_4096_characters(bot: Bot, length: int, fine: bool) -> None:
    if fine:
        await bot.send_message(GUEST.id, "x" * length)
    else:
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(GUEST.id, "x" * length)


@pytest.mark.parametrize(("length", "fine"), [(1024, True), (1025, False)])
async def test_a_caption_has_at_most_1024_characters(bot: Bot, length: int, fine: bool) -> None:
    caption = "<b>" + "x" * length + "</b>"
    if fine:
        await bot.send_photo(GUEST.id, gradient(), caption=caption, parse_mode="HTML")
    else:
        with pytest.raises(BadRequest, match="Message caption is too long"):
            await bot.send_photo(GUEST.id, gradient(), caption=caption, parse_mode="HTML")


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "Button_data_invalid"),
        ({"text": "x"}, "Text buttons are unallowed"),
        ({"text": "x", "url": "ftp://example.org"}, "Unsupported URL protocol"),
        ({"text": "x", "url": "https://example.org", "callback_data": "x"}, "exactly one action"),
        ({"text": "x", "web_app": {"url": "https://example.org"}}, "does not support"),
        ({"text": "x", "callback_data": "x", "colour": "red"}, 'unknown field "colour"'),
        ({"text": 5, "callback_data": "x"}, 'field "text" of inlinekeyboardbutton'),
    ],
)
async def test_wrong_buttons_are_refused(bot: Bot, button: dict[str, object], reason: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_message(
            GUEST.id, "x", api_kwargs={"reply_markup": {"inline_keyboard": [[button]]}}
        )


async def test_reply_keyboards_are_refused_aloud(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="does not support reply keyboards"):
        await bot.send_message(GUEST.id, "x", reply_markup=ReplyKeyboardMarkup([["x"]]))


async def test_a_photo_has_sizes_and_can_be_sent_again(bot: Bot, sandbox: Sandbox) -> None:
    message = await bot.send_photo(
        GUEST.id, gradient((1000, 500), "PNG"), caption="<i>A</i>", parse_mode="HTML",
        reply_markup=BUTTONS,
    )  # fmt: skip
    assert [(size.width, size.height) for size in message.photo] == [
        (90, 45), (320, 160), (800, 400), (1000, 500),
    ]  # fmt: skip
    assert message.caption == "A"
    again = await bot.send_photo(ADMIN.id, message.photo[1].file_id)
    assert again.photo == message.photo
    assert sandbox.messages(ADMIN.id)[0]["photo"][0]["file_id"] == message.photo[0].file_id


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no image", "Image_process_failed"),
        (b"", "File must be non-empty"),
        (gradient((2100, 100)), "Photo_invalid_dimensions"),
        (gradient((5100, 5000)), "Photo_invalid_dimensions"),
        (b"\xff\xd8" + b"\0" * 10 * 1024 * 1024, "too big for a photo"),
    ],
    ids=["no image", "empty", "narrow", "huge", "heavy"],
)
async def test_what_is_no_photo_is_refused(
    bot: Bot, sandbox: Sandbox, data: bytes, reason: str
) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.send_photo(GUEST.id, data)
    assert sandbox.messages(GUEST.id) == []


async def test_a_document_stays_as_it_is(bot: Bot, sandbox: Sandbox) -> None:
    data = gradient((500, 400), "PNG")
    message = await sandbox.send_document(GUEST.id, data, "dress.png", caption="c")
    document = message["document"]
    assert (document["file_name"], document["mime_type"]) == ("dress.png", "image/png")
    assert document["thumbnail"]["width"] == 320
    file = await bot.get_file(document["file_id"])
    assert bytes(await file.download_as_bytearray()) == data
    with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
        await bot.send_photo(GUEST.id, document["file_id"])
    assert sandbox.file_bytes(document["file_id"]) == data


async def test_a_file_over_20_mb_cannot_be_fetched(bot: Bot, sandbox: Sandbox) -> None:
    message = await sandbox.send_document(GUEST.id, b"\0" * (20 * 1024 * 1024 + 1), "large.bin")
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(message["document"]["file_id"])


async def test_markdown_is_refused_by_name(bot: Bot, sandbox: Sandbox) -> None:
    before = sandbox.messages(GUEST.id)
    with pytest.raises(BadRequest, match=r"(?i)does not support Markdown"):
        await bot.send_message(GUEST.id, "*One*", parse_mode="MarkdownV2")
    assert sandbox.messages(GUEST.id) == before


async def test_an_album_comes_whole_or_not_at_all(bot: Bot, sandbox: Sandbox) -> None:
    album = await bot.send_media_group(
        GUEST.id,
        [InputMediaPhoto(gradient(), caption="<b>One</b>", parse_mode="HTML"),
         InputMediaPhoto(gradient((50, 50)))],
    )  # fmt: skip
    assert album[0].media_group_id == album[1].media_group_id is not None
    assert album[0].caption == "One"
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_media_group(GUEST.id, [InputMediaPhoto(gradient()), InputMediaPhoto(b"no")])
    with pytest.raises(BadRequest, match='does not support media of type "document"'):
        await bot.send_media_group(
            GUEST.id, [InputMediaPhoto(gradient()), InputMediaDocument(b"x")]
        )
    assert len(sandbox.messages(GUEST.id)) == 2
