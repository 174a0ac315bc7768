"""The web chat as tests hold it: the page, the sandbox behind it, the bot at its other end."""

import base64
import shutil
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)

from tests.helpers.bot.sandbox import ADMIN, GUEST, Sandbox
from tests.helpers.waiting import LIMIT

CHROMIUM = shutil.which("chromium")
KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Right", callback_data="yes"),
            InlineKeyboardButton("Wrong", callback_data="no"),
        ]
    ]
)

in_chromium = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),  # one browser for all tests
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)."
    ),
]
expect.set_options(timeout=LIMIT * 1000)


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

        found = await self.sandbox.events.until(sent, LIMIT)
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


async def set_commands(chat: Chat) -> None:
    await chat.bot.set_my_commands(
        [BotCommand("classes", "The ten garments"), BotCommand("help", "What I can do")]
    )
    await chat.bot.set_my_commands([BotCommand("classes", "Las diez prendas")], language_code="es")
    await chat.bot.set_my_commands(
        [BotCommand("status", "The queue")], scope=BotCommandScopeChat(ADMIN.id)
    )
