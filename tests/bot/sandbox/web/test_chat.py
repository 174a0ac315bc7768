"""The page as a whole: persons, languages, chat actions, lost connections, narrow screens."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect
from telegram.constants import ChatAction

from bot.sandbox.server import serve
from tests.bot.sandbox.web.page import KEYBOARD, Chat, in_chromium, set_commands
from tests.helpers.bot.sandbox import ADMIN, GUEST, Sandbox
from tests.helpers.photos import picture

pytestmark = in_chromium


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


async def test_the_command_menu_follows_language_and_person(chat: Chat) -> None:
    await set_commands(chat)
    page = chat.page
    await page.get_by_role("button", name="Commands").click()
    await expect(page.get_by_role("option")).to_have_text(
        ["/classesThe ten garments", "/helpWhat I can do"]
    )
    await page.get_by_role("button", name="Guest speaks Español").click()
    await expect(page.get_by_role("button", name="Guest habla Español")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.get_by_role("button", name="Comandos").click()
    await expect(page.get_by_role("option")).to_have_text(["/classesLas diez prendas"])
    assert chat.sandbox.people[GUEST.id].language_code == "es"
    await page.locator(".person", has_text="admin").locator("label").click()
    await chat.loaded()
    await page.get_by_role("button", name="Commands").click()
    await expect(page.get_by_role("option")).to_have_text(["/statusThe queue"])


async def test_page_and_messages_are_in_the_persons_language(chat: Chat) -> None:
    page = chat.page
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("#column")).to_have_attribute("lang", "en")
    await page.get_by_role("button", name="Guest speaks Español").click()
    await expect(page.locator("#column")).to_have_attribute("lang", "es")
    await expect(page.locator("html")).to_have_attribute("lang", "es")
    await expect(page.locator("#people-title")).to_have_text("¿Quién eres?")
    await expect(page.locator("#text")).to_have_attribute("placeholder", "Mensaje")
    await page.get_by_role("button", name="Guest habla English").click()
    await expect(page.locator("#people-title")).to_have_text("Who are you?")
    await expect(page.locator("html")).to_have_attribute("lang", "en")


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
        # What failed stays where it was sent: before what came later.
        await expect(page.locator(".message").first).to_contain_text("Anybody there?")
        await expect(page.locator(".message").nth(1)).to_contain_text("meanwhile")
        await page.get_by_role("button", name="Try again").click()
        await expect(page.locator(".failure")).to_have_count(0)
        await expect(page.locator(".message").nth(1)).to_contain_text("Anybody there?")
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
