"""The web chat, driven in a real headless Chromium; the test plays the bot over real HTTP."""

import base64
import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, Page, async_playwright, expect
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode

from bot.sandbox.server import serve
from bot.sandbox.telegram import ADMIN, GUEST, TOKEN, Sandbox

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = "<img src=x onerror=\"document.title='broken into'\"><b>bold</b>"
KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Right", callback_data="yes"),
            InlineKeyboardButton("Wrong", callback_data="no"),
        ]
    ]
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)."
    ),
]
expect.set_options(timeout=15_000)


def picture(colour: str = "teal", size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    """An image of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def upload(data: bytes, name: str = "shoe.jpg", kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


@dataclass
class Chat:
    """One page of the chat, the sandbox behind it and the bot at its other end."""

    sandbox: Sandbox
    url: str
    bot: Bot
    page: Page

    async def open(self, person_id: int = GUEST.id) -> None:
        await self.page.goto(f"{self.url}/#{person_id}")
        await expect(self.page.locator("input[name=person]:checked")).to_have_value(str(person_id))
        await self.loaded()

    async def loaded(self) -> None:
        """Wait until the chat's history stands on the page: a hint, or messages."""
        await expect(self.page.locator("#empty:visible, .message").first).to_be_visible()

    async def write(self, text: str) -> None:
        await self.page.fill("#text", text)
        await self.page.keyboard.press("Enter")

    async def received(self, count: int = 1) -> list[dict[str, Any]]:
        """The guest's messages at the sandbox, once there are this many."""

        def sent() -> list[dict[str, Any]] | None:
            mine = [m for m in self.sandbox.messages(GUEST.id) if not m["from"]["is_bot"]]
            return mine if len(mine) >= count else None

        found = await self.sandbox.events.until(sent, 15)
        assert found is not None, "The message did not reach the sandbox."
        return found

    async def update(self, kind: str) -> Update:
        """The bot's next update of this kind."""
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=10):
                offset = update.update_id + 1
                if getattr(update, kind):
                    return update

    async def say(self, text: str, **options: Any) -> Message:
        return await self.bot.send_message(GUEST.id, text, **options)

    def bubble(self, message_id: int) -> Locator:
        return self.page.locator(f'.message[data-message="{message_id}"]')

    async def transfer(self, event: str, files: list[bytes], target: str = "body") -> None:
        """Dispatch a drag event or a paste that carries these JPEGs, as a browser would."""
        await self.page.evaluate(
            """([name, files, target]) => {
                const data = new DataTransfer();
                files.forEach((file, i) => {
                    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
                    data.items.add(new File([bytes], `photo${i}.jpg`, { type: "image/jpeg" }));
                });
                const options = { bubbles: true, cancelable: true };
                const event = name === "paste"
                    ? new ClipboardEvent(name, { ...options, clipboardData: data })
                    : new DragEvent(name, { ...options, dataTransfer: data });
                document.querySelector(target).dispatchEvent(event);
            }""",
            [event, [base64.b64encode(file).decode() for file in files], target],
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def chat(browser: Browser) -> AsyncIterator[Chat]:
    """The guest's empty chat. A script error on the page fails the test."""
    async with serve(Sandbox(), port=0) as (sandbox, url):
        context = await browser.new_context(viewport={"width": 1100, "height": 700})
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        async with Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
            chat = Chat(sandbox, url, bot, page)
            await chat.open()
            yield chat
        await context.close()
    assert errors == []


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


async def test_a_button_waits_and_shows_the_answer(chat: Chat) -> None:
    message = await chat.bot.send_photo(
        GUEST.id, picture(kind="PNG"), caption="Sneaker, 93 %", reply_markup=KEYBOARD
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


async def test_a_chat_action_fades_or_ends_with_the_message(chat: Chat) -> None:
    await chat.page.clock.install()
    await chat.bot.send_chat_action(GUEST.id, ChatAction.UPLOAD_PHOTO)
    await expect(chat.page.locator("#status")).to_have_text("sending a photo…")
    await chat.page.clock.run_for(6_000)
    await expect(chat.page.locator("#status")).to_have_text("bot")
    await chat.bot.send_chat_action(GUEST.id, ChatAction.TYPING)
    await expect(chat.page.locator("#chip")).to_contain_text("typing")
    await chat.say("Done")
    await expect(chat.page.locator("#chip")).to_be_hidden()


async def set_commands(chat: Chat) -> None:
    await chat.bot.set_my_commands(
        [BotCommand("classes", "The ten garments"), BotCommand("help", "What I can do")]
    )
    await chat.bot.set_my_commands([BotCommand("classes", "Las diez prendas")], language_code="es")
    await chat.bot.set_my_commands(
        [BotCommand("status", "The queue")], scope=BotCommandScopeChat(ADMIN.id)
    )


async def test_the_command_menu_follows_language_and_person(chat: Chat) -> None:
    await set_commands(chat)
    page = chat.page
    await page.get_by_role("button", name="Commands").click()
    await expect(page.get_by_role("option")).to_have_text(
        ["/classesThe ten garments", "/helpWhat I can do"]
    )
    await page.get_by_role("button", name="Guest speaks Español").click()
    await expect(page.get_by_role("button", name="Guest speaks Español")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.get_by_role("button", name="Commands").click()
    await expect(page.get_by_role("option")).to_have_text(["/classesLas diez prendas"])
    assert chat.sandbox.people[GUEST.id].language_code == "es"
    await page.locator(".person", has_text="admin").locator("label").click()
    await chat.loaded()
    await page.get_by_role("button", name="Commands").click()
    await expect(page.get_by_role("option")).to_have_text(["/statusThe queue"])


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


async def test_a_command_in_a_text_is_sent_by_a_click(chat: Chat) -> None:
    await chat.say("Look at /classes, or at a/b")
    await expect(chat.page.locator(".command")).to_have_count(1)
    await chat.page.locator(".command").click()
    [message] = await chat.received()
    assert message["text"] == "/classes"


async def test_each_person_has_a_chat_of_their_own(chat: Chat) -> None:
    await chat.write("from the guest")
    await chat.received()
    await chat.bot.send_message(ADMIN.id, "for the admin")
    await chat.page.locator(".person", has_text="admin").locator("label").click()
    await expect(chat.page.locator(".message")).to_have_count(1)
    await expect(chat.page.locator(".message")).to_contain_text("for the admin")
    await chat.page.reload()
    await expect(chat.page.locator(".message")).to_contain_text("for the admin")
    await chat.page.locator(".person", has_text="Guest").locator("label").click()
    await expect(chat.page.locator(".message")).to_contain_text("from the guest")


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
            const { safeUrl } = await import("/web/entities.js");
            return ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "nonsense", "https://example.org/a"].map(safeUrl);
        }"""
    )
    assert links == [None, None, None, None, "https://example.org/a"]


async def test_the_page_finds_its_way_back_after_a_restart(browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    sandbox = Sandbox()
    async with serve(sandbox, port=0) as (_, url):
        await page.goto(url)
        await expect(page.locator("#empty")).to_be_visible()
    await expect(page.locator("#banner")).to_contain_text("does not answer")
    await page.fill("#text", "Anybody there?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".failure")).to_contain_text("Is it still running?")
    await sandbox.send_text(GUEST.id, "meanwhile, from another tab")
    async with serve(sandbox, port=int(url.rsplit(":", 1)[1])):
        await expect(page.locator("#banner")).to_be_hidden()
        await expect(page.locator(".message").first).to_contain_text("meanwhile")
        await page.get_by_role("button", name="Try again").click()
        await expect(page.locator(".failure")).to_have_count(0)
        assert [message["text"] for message in sandbox.messages(GUEST.id)][-1] == "Anybody there?"
        await context.close()


async def test_a_silent_bot_is_named(chat: Chat) -> None:
    await chat.page.clock.install()
    await chat.write("hello?")
    await chat.received()
    await expect(chat.page.locator(".meta .icon use")).to_have_attribute("href", "#icon-check")
    await chat.page.clock.run_for(16_000)
    await expect(chat.page.locator("#chip")).to_contain_text("No answer yet")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_narrow_page_fits_and_changes_persons_in_a_drawer(chat: Chat, scheme: Any) -> None:
    page = chat.page
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": 360, "height": 640})
    await chat.bot.send_photo(
        GUEST.id,
        picture(size=(1200, 700)),
        caption="A long word " + "w" * 80,
        reply_markup=KEYBOARD,
    )
    await expect(page.locator(".photo img")).to_be_visible()
    for node in ("html", "#messages"):
        assert await page.locator(node).evaluate(
            "(node) => node.scrollWidth <= node.clientWidth"
        ), node
    await expect(page.locator("#people")).to_be_hidden()
    await page.get_by_role("button", name="You are Guest. Change").click()
    await page.locator(".person", has_text="admin").locator("label").click()
    await expect(page.get_by_role("button", name="You are Admin. Change")).to_be_visible()
    await expect(page.locator("#people")).to_be_hidden()


async def test_all_can_be_done_by_keyboard_and_has_a_name(chat: Chat) -> None:
    await set_commands(chat)
    await chat.bot.send_photo(GUEST.id, picture(), caption="Sneaker", reply_markup=KEYBOARD)
    await expect(chat.page.locator(".photo img")).to_be_visible()
    nameless = await chat.page.locator("button, a, input, textarea").evaluate_all(
        """(nodes) => nodes.filter((node) =>
            !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length)
        ).map((node) => node.outerHTML)"""
    )
    assert nameless == []
    await chat.page.locator(".photo").focus()
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.locator("#viewer")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await chat.page.get_by_role("button", name="Commands").focus()
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("ArrowDown")
    await chat.page.keyboard.press("Enter")
    [message] = await chat.received()
    assert message["text"] == "/help"


async def test_the_page_asks_nobody_else(browser: Browser) -> None:
    """No font, script or picture comes from another host."""
    async with serve(Sandbox(), port=0) as (_, url):
        context = await browser.new_context()
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(url)
        await expect(page.locator("#empty")).to_be_visible()
        assert {address for address in asked if not address.startswith(url)} == set()
        assert len(asked) > 10
        await context.close()
