"""/stats shows a week of counts as a picture, to admins alone."""

import asyncio
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from bot.replies import day_counts, week_picture
from bot.replies.day_counts import Day
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.languages import LANGUAGES
from model.common.queue import keys
from model.common.queue.messages import Answer
from tests.helpers.bot.corrections import Correcting
from tests.helpers.bot.running import Parts


async def stats(parts: Parts, who: int = ADMIN.id) -> dict[str, Any]:
    sent = await parts.sandbox.send_text(who, "/stats")
    return await parts.sandbox.next_bot_message(who, after=sent["message_id"])


async def test_what_happened_today_is_counted(chat: Correcting) -> None:
    await chat.corrected()
    chat.parts.worker.answer = lambda job: Answer.to(job, refusal="unreadable")
    await chat.parts.said(await chat.parts.send_photo())
    shown = await stats(chat.parts)
    assert shown["photo"]
    assert shown["caption"].startswith("The last seven days: 2 photos, 2 answered in 0.")
    assert "0 were right and 1 wrong. 0 could not be taken." in shown["caption"]


async def test_nothing_personal_is_counted_and_all_of_it_expires(chat: Correcting) -> None:
    await chat.corrected()
    await stats(chat.parts)
    client: Any = chat.client
    [key] = client.keys(f"{keys.DAY}*")
    counted = client.hgetall(key)
    assert set(counted) == {b"photos", b"class:7", b"milliseconds", b"wrong"}
    assert 0 < client.ttl(key) <= day_counts.KEPT_DAYS * 24 * 3600


async def test_counts_outlive_the_bot(idle: Correcting) -> None:
    async with idle.parts.worker.working(), idle.parts.bot():
        await idle.parts.said(await idle.parts.send_photo())
    async with idle.parts.bot():
        assert "1 photo, 1 answered" in (await stats(idle.parts))["caption"]


async def test_a_photo_that_is_not_taken_is_counted(parts: Parts) -> None:
    async with parts.bot(photos_waiting=1):
        for _ in range(3):
            await parts.send_photo()
        with_refusals = parts.sandbox.next_bot_message(GUEST.id)
        assert "waiting for an answer" in (await with_refusals)["text"]
        assert "2 could not be taken." in (await stats(parts))["caption"]


async def test_others_are_told_that_it_is_for_admins(served: Parts) -> None:
    assert "for this bot’s admins" in (await stats(served, GUEST.id))["text"]


async def test_what_redis_refuses_waits_and_holds_no_answer_up(chat: Correcting) -> None:
    key = f"{keys.DAY}{datetime.now(UTC).date().isoformat()}"
    chat.client.set(key, "not a hash: every write is refused")
    assert await chat.parts.said(await chat.parts.send_photo()) == "👟 Sneaker, 93%"
    await asyncio.sleep(day_counts.WRITE_EVERY + 0.2)
    chat.client.delete(key)
    assert "1 photo, 1 answered" in (await stats(chat.parts))["caption"]


def week(**today: int) -> list[Day]:
    first = date(2026, 3, 2)
    days = [Day(first + timedelta(days=n), Counter(photos=n * 7)) for n in range(6)]
    counts = Counter({name.replace("_", ":"): count for name, count in today.items()})
    return [*days, Day(first + timedelta(days=6), counts)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "days",
    [
        week(),
        week(photos=1_234_567, class_0=900, class_9=1, unsure=30, none=4, failed=2),
        week(photos=1, unsure=1, none=1, failed=1, **{f"class_{n}": 10 for n in range(10)}),
    ],
)
def test_a_week_of_any_size_is_drawn(days: list[Day], language: str) -> None:
    drawn = Image.open(io.BytesIO(week_picture.picture(days, language)))
    assert drawn.width == week_picture.WIDTH
    assert drawn.height <= 1280, "Telegram makes higher pictures smaller, and their letters too"
    # On a phone it is 330 px wide.
    for letters in (week_picture.DAY_TEXT, week_picture.TEXT_SIZE):
        assert letters * 330 / week_picture.WIDTH >= 12
