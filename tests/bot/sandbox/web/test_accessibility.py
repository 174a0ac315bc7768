"""axe-core finds nothing, and nothing is wider than the screen: every view, light and dark."""

from collections.abc import Awaitable, Callable
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.sandbox.telegram import ADMIN, GUEST
from tests.bot.sandbox.web.page import KEYBOARD, Chat, in_chromium, upload
from tests.helpers.photos import picture

pytestmark = in_chromium

View = Callable[[Chat], Awaitable[None]]
SCREENS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    *((320, "dark"), (390, "light"), (1180, "dark"), (1180, "light")),
)


async def empty(chat: Chat) -> None:
    await chat.bot.set_my_description("Send me a photo of one garment.")
    await expect(chat.page.locator("#description")).to_be_visible()


async def talk(chat: Chat) -> None:
    """Photos, an album, a file, a long word, commands, code, a quote, buttons."""
    sandbox, bot = chat.sandbox, chat.bot
    photo = await sandbox.send_photo(GUEST.id, picture(size=(600, 800)), "What is it?")
    await bot.send_photo(
        GUEST.id,
        picture(size=(800, 464)),
        caption="👟 Sneaker, 93%",
        reply_markup=KEYBOARD,
        reply_to_message_id=photo["message_id"],
    )
    for _ in range(3):
        await sandbox.send_photo(GUEST.id, picture(size=(640, 480)), None, "album")
    await sandbox.send_document(GUEST.id, b"%PDF", "a-name-" * 9 + ".pdf", "application/pdf")
    await sandbox.send_text(GUEST.id, "/help " + "x" * 300)
    text = f"Use /help or <code>{'y' * 90}</code> <a href='https://example.org'>there</a>."
    await bot.send_message(GUEST.id, text + "<pre>a  b\nc  d</pre>", parse_mode="HTML")
    await expect(chat.page.locator(".text pre")).to_be_visible()


async def failed(chat: Chat) -> None:
    await chat.page.locator("#photo-input").set_input_files([upload(b"no photo", "broken.jpg")])
    await chat.page.locator("#text").press("Enter")
    await expect(chat.page.locator(".failure")).to_be_visible()


async def commands(chat: Chat) -> None:
    await chat.bot.set_my_commands([("help", "What I can do"), ("undo", "Take back your last")])
    await chat.page.locator("#menu").click()
    await expect(chat.page.locator("#commands li").first).to_be_visible()


async def attach(chat: Chat) -> None:
    await chat.page.locator("#attach").click()
    await expect(chat.page.locator("#attach-menu")).to_be_visible()


async def tray(chat: Chat) -> None:
    await chat.page.locator("#photo-input").set_input_files(
        [upload(picture(), f"{number}.jpg") for number in range(6)]
    )
    await expect(chat.page.locator("#tray-items > *")).to_have_count(6)


async def people(chat: Chat) -> None:
    if await chat.page.locator("#people-open").is_visible():
        await chat.page.locator("#people-open").click()
    await expect(chat.page.locator("#people-title")).to_be_visible()


async def group(chat: Chat) -> None:
    """Two people, the bot, a topic, an anonymous admin, a sticker, a forwarded message, tools."""
    sandbox = chat.sandbox
    sandbox.change_group(GUEST.id, joined=True)
    sandbox.upgrade_group(ADMIN.id)
    place = sandbox.group.id
    first = await sandbox.send_text(ADMIN.id, "Whose are these?", chat_id=place, topic=101)
    await sandbox.send_text(ADMIN.id, "/what", chat_id=place, anonymous=True)
    await sandbox.send_update_content(GUEST.id, {"sticker": {"emoji": "👟"}}, chat_id=place)
    await sandbox.send_update_content(GUEST.id, {"voice": {"duration": 3}}, chat_id=place)
    await sandbox.forward(GUEST.id, first["message_id"], chat_id=place)
    await chat.bot.send_message(place, "Send me a photo.", reply_to_message_id=first["message_id"])
    await chat.page.goto(f"{chat.url}/#{GUEST.id}/group")
    await chat.page.reload()
    await expect(chat.page.get_by_text("Send me a photo.")).to_be_visible()
    await chat.page.locator(".message").last.hover()
    await chat.page.get_by_role("button", name="Reply", exact=True).last.click()
    await expect(chat.page.locator("#about")).to_be_visible()


async def spanish(chat: Chat) -> None:
    chat.sandbox.set_language(GUEST.id, "es")
    await chat.page.reload()
    await talk(chat)
    await expect(chat.page.locator("html")).to_have_attribute("lang", "es")


async def viewer(chat: Chat) -> None:
    for number in range(2):
        await chat.sandbox.send_photo(GUEST.id, picture(size=(800, 464)), f"Number {number}")
    await chat.page.locator(".photo").first.click()
    await expect(chat.page.locator("#viewer-image")).to_be_visible()


async def press(chat: Chat, *, alert: bool) -> None:
    message = await chat.bot.send_message(GUEST.id, "Right?", reply_markup=KEYBOARD)
    await chat.page.get_by_role("button", name="Right").click()
    update = await chat.update("callback_query")
    assert update.callback_query and update.callback_query.message
    assert update.callback_query.message.message_id == message.message_id
    await update.callback_query.answer("Thank you, good to know!", show_alert=alert)


async def toast(chat: Chat) -> None:
    await press(chat, alert=False)
    await expect(chat.page.locator("#toast")).to_be_visible()


async def alert(chat: Chat) -> None:
    await press(chat, alert=True)
    await expect(chat.page.locator("#alert")).to_be_visible()


VIEWS: tuple[View, ...] = (
    *(empty, talk, failed, commands, attach, tray, people, group, spanish, viewer, toast, alert),
)


@pytest.mark.parametrize("view", VIEWS, ids=[view.__name__ for view in VIEWS])
async def test_every_view_is_accessible_and_fits(chat: Chat, view: View) -> None:
    page = chat.page
    await page.set_viewport_size({"width": 390, "height": 780})
    await view(chat)
    for width, scheme in SCREENS:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size({"width": width, "height": 780})
        await page.evaluate(AT_REST)
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{width} px, {scheme}: {found.generate_report()}"
        assert await page.evaluate(TOO_WIDE) == [], f"{width} px"


# Once nothing fades or slides any more: what is half there has too little contrast. What inherits a
# colour that changes begins to do so afterwards.
AT_REST = """async () => {
  let moving;
  while ((moving = document.getAnimations()).length)
    await Promise.allSettled(moving.map((each) => each.finished));
}"""
# Elements that reach over the screen's edge, but for those in something that scrolls or cuts off.
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((node) => {
    const { left, right, width } = node.getBoundingClientRect();
    return width && (left < -0.5 || right > innerWidth + 0.5);
  })
  .filter((node) => !node.closest(".tray__items, .visually-hidden, .text pre, svg"))
  .map((node) => node.outerHTML.slice(0, 80))"""


async def test_a_toast_covers_nothing(chat: Chat) -> None:
    page = chat.page
    await page.set_viewport_size({"width": 390, "height": 780})
    for number in range(30):
        await chat.say(f"Message {number}")
    await press(chat, alert=False)
    toast = page.locator("#toast")
    await expect(toast).to_be_visible()
    await page.wait_for_timeout(100)  # the messages make room
    place = await toast.bounding_box()
    key = await page.get_by_role("button", name="Right").bounding_box()
    field = await page.locator("#composer").bounding_box()
    assert place and key and field
    assert key["y"] + key["height"] <= place["y"]
    assert place["y"] + place["height"] <= field["y"]


@pytest.mark.parametrize("width", [320, 390, 1180])
async def test_badges_are_whole(chat: Chat, width: int) -> None:
    await chat.page.set_viewport_size({"width": width, "height": 780})
    await people(chat)
    await chat.page.evaluate(AT_REST)
    badge = chat.page.locator(".person__badge")
    inside = await badge.evaluate(
        """(node) => {
            const box = node.getBoundingClientRect();
            const around = node.closest(".person__label").getBoundingClientRect();
            const languages = node.closest(".person").querySelector(".languages");
            const next = languages.getBoundingClientRect();
            return box.left >= around.left && box.right <= Math.min(around.right, next.left)
                && node.scrollWidth <= node.clientWidth;
        }"""
    )
    assert inside
