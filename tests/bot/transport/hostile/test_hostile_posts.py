"""Posts to the bot's webhook that are not Telegram's, or are no updates."""

import hmac
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from bot.sandbox.telegram import ADMIN, GUEST, TOKEN
from bot.transport import webhook
from model.common.queue import keys
from tests.bot.test_process import bot
from tests.helpers.bot.webhook import SECRET, Posting, forged
from tests.helpers.waiting import until

HEADER = webhook.SECRET_HEADER
JSON = {"Content-Type": "application/json"}


FORGED: list[tuple[str, dict[str, Any], int]] = [
    ("no secret", {"headers": JSON}, 403),
    ("an empty one", {"headers": JSON | {HEADER: ""}}, 403),
    ("a wrong one", {"headers": JSON | {HEADER: "x" * len(SECRET)}}, 403),
    ("its beginning", {"headers": JSON | {HEADER: SECRET[:-1]}}, 403),
    ("more than it", {"headers": JSON | {HEADER: SECRET + "x"}}, 403),
    ("in capitals", {"headers": JSON | {HEADER: SECRET.upper()}}, 403),
    ("not ASCII", {"headers": {**JSON, HEADER: SECRET.encode() + b"\xe9\xff"}}, 403),
    ("twice", {"headers": [*JSON.items(), (HEADER, "x"), (HEADER, SECRET)]}, 403),
    ("another path", {"path": "/"}, 404),
    ("a longer path", {"path": "/telegram/updates/"}, 404),
    ("a path of dots", {"path": "/telegram/../telegram/updates%2f"}, 404),
    ("GET", {"method": "GET", "content": b""}, 405),
    ("PUT", {"method": "PUT"}, 405),
    ("HEAD", {"method": "HEAD", "content": b""}, 405),
    (
        "a form",
        {"headers": {HEADER: SECRET, "Content-Type": "application/x-www-form-urlencoded"}},
        415,
    ),
    ("no type", {"headers": {HEADER: SECRET}}, 415),
]


class TestForgedPosts:
    @pytest.mark.parametrize(
        ("request_", "status"), [f[1:] for f in FORGED], ids=[f[0] for f in FORGED]
    )
    async def test_what_is_not_telegrams_is_refused(
        self, posted: Posting, request_: dict[str, Any], status: int
    ) -> None:
        more = dict(request_)
        if path := more.pop("path", None):
            more["url"] = posted.url.removesuffix("/telegram/updates") + path
        answer = await posted.post(**more)
        assert answer.status_code == status
        assert "Server" not in answer.headers
        assert not answer.content
        assert not posted.kept()
        await posted.parts.said(await posted.parts.send_photo())
        assert len(posted.parts.from_bot()) == 1, "nobody but the guest was answered"
        assert not posted.parts.from_bot(ADMIN.id)

    @pytest.mark.parametrize(
        "body",
        [
            *(b"", b"{", b"[]", b"null", b'"text"', b"12", b"{}", b'{"update_id": "1"}'),
            *(b'{"update_id": true}', b'{"update_id": 1.5}', b'{"update_id": NaN}'),
            *(b"\xff\xfe\x00", b"\x80", b"[" * 100_000, b'{"update_id": 1' + b"0" * 5000 + b"}"),
            *(b'{"update_id": 9223372036854775808}', b'{"message": {"text": "/start"}}'),
        ],
        ids=lambda body: str(body[:20]),
    )
    async def test_what_is_no_update_is_refused_even_with_the_secret(
        self, posted: Posting, body: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert (await posted.post(body)).status_code == 400
        assert not posted.kept()
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    @pytest.mark.parametrize("secret", [SECRET, "x"])
    async def test_a_huge_body_is_refused(
        self, posted: Posting, secret: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        huge = json.dumps(forged(text="x" * webhook.MOST_BYTES)).encode()

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(huge), 65_536):
                yield huge[start : start + 65_536]

        for content in (huge, pieces()):
            try:
                answer = await posted.post(headers=JSON | {HEADER: secret}, content=content)
            except httpx.TransportError:
                continue  # it hung up in the middle of it
            assert answer.status_code in {400, 403, 413}
        assert not posted.kept()
        assert (await posted.post()).status_code == 200
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    async def test_a_body_without_the_secret_is_not_even_read(
        self, posted: Posting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read: list[bytes] = []
        monkeypatch.setattr(webhook._Post, "data_received", lambda _self, chunk: read.append(chunk))
        assert (await posted.post(headers=JSON)).status_code == 403
        assert not read

    async def test_secrets_are_compared_in_constant_time(
        self, posted: Posting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared: list[tuple[bytes, bytes]] = []

        def compare(given: bytes, right: bytes) -> bool:
            compared.append((given, right))
            return False

        monkeypatch.setattr(hmac, "compare_digest", compare)
        assert (await posted.post()).status_code == 403
        assert compared == [(SECRET.encode(), SECRET.encode())]

    async def test_the_log_is_not_flooded_and_has_no_secret_and_no_content(
        self, posted: Posting, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG, "bot"), caplog.at_level(logging.DEBUG, "tornado"):
            for _ in range(20):
                await posted.post(headers=JSON | {HEADER: SECRET[:-1]}, content=b"from a stranger")
            await posted.post(b"{ from Telegram, cut off")
        lines = [r.getMessage() for r in caplog.records if r.name.startswith(("bot", "tornado"))]
        assert len([line for line in lines if "refused" in line]) == 1
        assert "now: 403 Forbidden" in caplog.text
        for secret in (SECRET, SECRET[:-1], "stranger", "cut off"):
            assert not [line for line in lines if secret in line]


class TestOddUpdates:
    async def test_an_update_that_cannot_be_read_does_not_come_again(
        self, posted: Posting, caplog: pytest.LogCaptureFixture
    ) -> None:
        odd = forged(7)
        del odd["message"]["chat"]
        assert (await posted.post(json.dumps(odd).encode())).status_code == 200
        assert "Update 7 is skipped" in caplog.text
        assert not posted.kept()

    async def test_an_unknown_kind_is_taken_and_left_alone(self, posted: Posting) -> None:
        body = {"update_id": 8, "a_kind_of_the_future": {"from": {"id": 1}, "text": "/start"}}
        assert (await posted.post(json.dumps(body).encode())).status_code == 200
        await until(lambda: posted.client.zcard(keys.UPDATES_SEEN) == 1)
        assert not posted.client.hlen(keys.UPDATES)
        assert not posted.parts.from_bot() and not posted.parts.from_bot(ADMIN.id)

    async def test_the_type_may_name_its_charset(self, posted: Posting) -> None:
        headers = {HEADER: SECRET, "Content-Type": "Application/JSON; charset=utf-8"}
        assert (await posted.post(headers=headers)).status_code == 200


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_secret_is_in_no_output_of_the_process(
    quiet: Posting, tmp_path: Path, form: str
) -> None:
    settings = quiet.parts.settings
    process = bot(
        tmp_path,
        TELEGRAM_TOKEN=TOKEN,
        TELEGRAM_API_URL=settings.telegram_api_url,
        REDIS_URL=settings.redis_url,
        WEBHOOK_URL=quiet.url,
        WEBHOOK_SECRET=SECRET,
        WEBHOOK_PORT=str(settings.webhook_port),
        LOG_LEVEL="DEBUG",
        LOG_FORMAT=form,
    )
    try:
        quiet.parts.sandbox.faults.add("setWebhook", "500", times=2)
        sent = await quiet.parts.sandbox.send_text(GUEST.id, "/start")
        await quiet.parts.sandbox.next_bot_message(GUEST.id, sent["message_id"], timeout=60)
        for secret in (SECRET, SECRET[:-1], SECRET + "x", ""):
            await quiet.post(b"not JSON", headers=JSON | {HEADER: secret})
        assert SECRET not in " ".join(psutil.Process(process.pid).cmdline())
    finally:
        process.terminate()
        output = process.communicate(timeout=30)[0]
    assert "Stopped." in output
    assert "refused" in output
    assert SECRET[:-1] not in output
