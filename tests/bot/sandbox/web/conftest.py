"""A headless Chromium, and the guest's empty chat in it."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from telegram import Bot

from bot.sandbox.server import serve
from tests.bot.sandbox.web.page import CHROMIUM, Chat
from tests.helpers.bot.sandbox import TOKEN, Sandbox

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
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
