"""Updates that the sandbox's Telegram posts to the bot."""

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus

import httpx
import pytest
from telegram import Update
from telegram.error import NetworkError

from bot.sandbox.telegram import GUEST
from bot.transport import intake, webhook
from bot.transport.intake import Intake
from bot.transport.updates import ALLOWED_UPDATES
from model.common.queue import keys
from tests.helpers.bot.webhook import SECRET, Posting, forged
from tests.helpers.waiting import until

HEADER = webhook.SECRET_HEADER


class TestDelivery:
    async def test_a_photo_is_answered_and_nobody_polls(self, posted: Posting) -> None:
        parts = posted.parts
        assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
        assert not [each for each in parts.sandbox.requests if each.method == "getUpdates"]

    async def test_telegram_is_told_once_what_to_post(self, posted: Posting) -> None:
        [request] = [r for r in posted.parts.sandbox.requests if r.method == "setWebhook"]
        assert request.parameters["url"] == posted.url
        assert request.parameters["secret_token"] == SECRET
        assert json.loads(request.parameters["allowed_updates"]) == ALLOWED_UPDATES
        assert request.parameters["max_connections"] == "20"
        assert request.parameters.get("drop_pending_updates") != "true"

    async def test_what_came_while_the_bot_was_away_is_answered(self, quiet: Posting) -> None:
        parts = quiet.parts
        async with parts.bot():
            pass
        assert parts.sandbox.webhook.url == quiet.url, "the webhook stays when the bot ends"
        number = await parts.send_photo()
        async with parts.worker.working(), parts.bot():
            assert await parts.said(number) == "👟 Sneaker, 93%"

    async def test_back_to_polling(self, quiet: Posting) -> None:
        parts = quiet.parts
        async with parts.bot():
            pass
        number = await parts.send_photo()
        async with parts.worker.working(), parts.bot(webhook_url=""):
            assert await parts.said(number) == "👟 Sneaker, 93%"
        assert not parts.sandbox.webhook.url

    async def test_a_webhook_that_somebody_removed_is_set_again(
        self, quiet: Posting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(webhook, "LOOK_EVERY", 0.05)
        async with quiet.parts.bot():
            quiet.parts.sandbox.webhook.set("", "", 40)
            await until(lambda: quiet.parts.sandbox.webhook.url == quiet.url)
        assert "does a second bot run?" in caplog.text

    async def test_a_telegram_that_cannot_reach_us_is_said_once(
        self, quiet: Posting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(webhook, "LOOK_EVERY", 0.02)
        async with quiet.parts.bot():
            monkeypatch.setattr(webhook.Webhook, "refusal", lambda *_: HTTPStatus.NOT_FOUND)
            await quiet.parts.send_photo()
            await until(lambda: "cannot post to WEBHOOK_URL" in caplog.text)
            looks = len(quiet.parts.sandbox.requests)
            await until(lambda: len(quiet.parts.sandbox.requests) > looks + 3)
        assert caplog.text.count("cannot post to WEBHOOK_URL") == 1


class TestNothingLost:
    async def test_without_redis_telegram_comes_again(
        self, posted: Posting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep = Intake.keep
        refused: list[Update] = []

        async def away(self: Intake, updates: Sequence[Update]) -> None:
            if len(refused) < 2:
                refused.extend(updates)
                raise NetworkError("Redis did not take an update")
            await keep(self, updates)

        monkeypatch.setattr(Intake, "keep", away)
        assert await posted.parts.said(await posted.parts.send_photo()) == "👟 Sneaker, 93%"
        assert len(refused) == 2

    async def test_a_full_intake_is_said_in_time(
        self, posted: Posting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(intake, "MOST_HELD", 0)
        monkeypatch.setattr(webhook, "KEEP_SECONDS", 0.05)
        assert (await posted.post()).status_code == 503
        assert not posted.kept()

    async def test_an_answer_lost_after_the_update_was_kept_brings_it_again_for_nothing(
        self, posted: Posting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep = Intake.keep
        posts: list[object] = []

        async def lost(self: Intake, updates: Sequence[Update]) -> None:
            await keep(self, updates)
            posts.extend(updates)
            if len(posts) < 3:
                raise NetworkError("as when the connection broke")

        monkeypatch.setattr(Intake, "keep", lost)
        number = await posted.parts.send_photo()
        await until(lambda: len(posts) == 3)
        assert await posted.parts.said(number) == "👟 Sneaker, 93%"
        await until(lambda: not posted.parts.sandbox.updates.pending)
        await posted.parts.said(await posted.parts.send_photo())
        assert len(posted.parts.from_bot()) == len(posted.parts.worker.jobs) == 2

    async def test_a_crash_between_redis_and_the_answer_is_one_reply(
        self, quiet: Posting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parts = quiet.parts
        with monkeypatch.context() as patch:
            keep = Intake.keep

            async def crash(self: Intake, updates: Sequence[Update]) -> None:
                await keep(self, updates)
                raise NetworkError("the process is gone before it could answer or handle it")

            patch.setattr(Intake, "keep", crash)
            patch.setattr(Intake, "put_nowait", lambda *_: None)
            async with parts.bot():
                number = await parts.send_photo()
                await until(lambda: quiet.client.hlen(keys.UPDATES) == 1)
        assert parts.sandbox.updates.pending, "Telegram was not told that we have it"
        async with parts.worker.working(), parts.bot():
            assert await parts.said(number) == "👟 Sneaker, 93%"
            await until(lambda: not parts.sandbox.updates.pending)
            await parts.said(await parts.send_photo())
        assert len(parts.from_bot()) == len(parts.worker.jobs) == 2

    async def test_the_same_update_twice_at_once_is_handled_once(self, posted: Posting) -> None:
        answers = await asyncio.gather(*(posted.post() for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        await until(lambda: posted.client.hlen(keys.UPDATES) == 0)
        assert len(posted.parts.from_bot()) == 1

    async def test_many_posts_at_once_are_all_kept(self, posted: Posting) -> None:
        limits = httpx.Limits(max_connections=20)
        async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=60) as client:
            updates = [forged(number, "talk", entities=[]) for number in range(1, 61)]
            answers = await asyncio.gather(
                *(
                    client.post(posted.url, json=update, headers={HEADER: SECRET})
                    for update in updates
                )
            )
        assert {answer.status_code for answer in answers} == {200}
        await until(lambda: posted.client.zcard(keys.UPDATES_SEEN) == len(updates))


class TestStart:
    async def test_a_port_in_use_is_a_sentence(self, quiet: Posting) -> None:
        async with quiet.parts.bot():
            with pytest.raises(SystemExit, match="set WEBHOOK_HOST and WEBHOOK_PORT"):
                async with quiet.parts.bot():
                    pass

    async def test_an_address_that_telegram_refuses_is_a_sentence(self, quiet: Posting) -> None:
        with pytest.raises(SystemExit, match="WEBHOOK_URL is wrong: Telegram says"):
            async with quiet.parts.bot(webhook_url="http://example.org/"):
                pass

    async def test_a_telegram_that_is_away_is_waited_for(self, quiet: Posting) -> None:
        quiet.parts.sandbox.faults.add("setWebhook", "502", times=2)
        async with quiet.parts.bot():
            await quiet.parts.sandbox.send_text(GUEST.id, "/start")
            assert (await quiet.parts.sandbox.next_bot_message(GUEST.id))["text"]
