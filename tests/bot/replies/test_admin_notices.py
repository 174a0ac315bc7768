"""Notices to the admins."""

import logging

import pytest

from bot.replies.admin_notices import REASONS, sentence
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.queue import keys, notices
from model.common.queue.notices import Notice
from model.common.registry.registry import Registry
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.redis import KEYRING, Client
from tests.helpers.waiting import until


def refused(version: str, reason: str = "damaged") -> Notice:
    return Notice(kind="model-refused", values={"version": version, "reason": reason})


def texts(parts: Parts, who: int = ADMIN.id) -> list[str]:
    return [message["text"] for message in parts.from_bot(who)]


async def test_every_admin_is_told_that_a_model_was_refused(redis_url: str, client: Client) -> None:
    async with assembled(redis_url, admin_ids=f"{ADMIN.id},{GUEST.id}") as parts, parts.bot():
        Registry(client).refuse("new-1", "damaged")
        await until(lambda: bool(texts(parts) and texts(parts, GUEST.id)))
        assert texts(parts) == texts(parts, GUEST.id)
        assert texts(parts)[0].startswith("⚠️ A worker could not load model new-1: its file is")
        await until(lambda: client.xlen(keys.NOTICES) == 0)


async def test_only_admins_are_told_and_each_in_the_language_of_their_telegram(
    parts: Parts, client: Client
) -> None:
    parts.sandbox.set_language(ADMIN.id, "es")
    async with parts.bot():
        await parts.sandbox.send_text(ADMIN.id, "hola")
        await until(lambda: client.hvals(keys.ADMIN_LANGUAGES) == [b"es"])
        await parts.sandbox.send_text(GUEST.id, "hello")
        await until(lambda: len(texts(parts, GUEST.id)) == 1)
    # A bot that has just started knows it as well.
    async with parts.bot():
        notices.add(client, refused("new-1"))
        await until(lambda: "no ha podido cargar el modelo new-1" in texts(parts)[-1])
    assert len(texts(parts, GUEST.id)) == 1
    assert client.hkeys(keys.ADMIN_LANGUAGES) == [KEYRING.person(ADMIN.id).encode()]


async def test_a_notice_waits_for_the_bot_and_for_telegram(parts: Parts, client: Client) -> None:
    notices.add(client, refused("new-1"))
    notices.add(client, refused("new-2"))
    parts.sandbox.faults.add("sendMessage", "502")
    parts.sandbox.faults.add("sendMessage", "429")
    async with parts.bot():
        await until(lambda: client.xlen(keys.NOTICES) == 0)
    assert ["new-1" in text for text in texts(parts)] == [True, False]


async def test_an_admin_who_blocked_the_bot_holds_nobody_up(
    redis_url: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "bot.replies.admin_notices")
    async with assembled(redis_url, admin_ids=f"{ADMIN.id},{GUEST.id}") as parts:
        parts.sandbox.block(GUEST.id, True)
        notices.add(client, refused("new-1"))
        async with parts.bot():
            await until(lambda: client.xlen(keys.NOTICES) == 0)
        assert len(texts(parts)) == 1
    assert f"Admin {GUEST.id} could not be notified" in caplog.text


async def test_what_cannot_be_said_is_logged_and_buried(
    parts: Parts, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.xadd(keys.NOTICES, {"notice": "no JSON"})
    notices.add(client, Notice(kind="from-a-newer-worker"))
    notices.add(client, refused("new-1", "for-a-new-reason"))
    notices.add(client, refused("new-2"))
    async with parts.bot():
        await until(lambda: client.xlen(keys.NOTICES) == 0)
    assert len([text for text in texts(parts) if "new-2" in text]) == 1
    assert caplog.text.count("notice buried") == 3 == client.xlen(keys.DEAD)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_has_its_sentence(language: str) -> None:
    said = {sentence(refused("new-1", reason), language) for reason in REASONS}
    assert len(said) == len(REASONS)
