"""An album in a group is one message: whichever caption names the bot, all of it is answered."""

import asyncio
from typing import Any

import pytest
from telegram import Bot, Update, User

from bot.replies.albums import mentions as albums
from bot.replies.albums.mentions import Albums
from bot.sandbox.state import photo_sizes
from bot.sandbox.telegram import BOT, GUEST
from bot.transport.updates import read
from tests.helpers.bot.running import Parts
from tests.helpers.bot.updates import deliver, group, handled, message
from tests.helpers.photos import picture
from tests.helpers.redis import connect_async
from tests.helpers.waiting import until

NAMED = f"@{BOT['username']} what are these?"


def photo(parts: Parts, number: int, album: str, caption: str | None = None) -> None:
    sizes = parts.sandbox.files.add_photo(photo_sizes.sizes(picture()))
    said: dict[str, Any] = {"photo": sizes, "media_group_id": album, "chat": group()}
    if caption:
        said["caption"] = caption
    deliver(parts, message=message(message_id=number, **said))


@pytest.mark.parametrize("named", [0, 1, 2])
async def test_the_whole_album_is_answered_whichever_caption_names_the_bot(
    served: Parts, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(albums, "WAIT", 3600.0)  # the caption ends it
    for number in range(3):
        photo(served, 70 + number, "a", NAMED if number == named else None)
        await asyncio.sleep(0.2)  # each comes with a poll of its own
    await until(lambda: len(served.from_bot(GUEST.id)) == 1)
    [reply] = served.from_bot(GUEST.id)
    assert reply["caption"].startswith("3 photos: 3\u00a0×\u00a0👟 Sneaker")


async def test_an_album_that_does_not_name_the_bot_is_left_alone(
    served: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(albums, "WAIT", 0.2)
    photo(served, 70, "a", NAMED)
    photo(served, 71, "b")
    photo(served, 72, "b", "my shoes")
    await until(lambda: len(served.from_bot(GUEST.id)) == 1)
    await handled(served)
    assert len(served.worker.jobs) == 1


async def test_a_restart_while_a_photo_waits_for_the_caption_loses_nothing(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caption was handled before the bot was killed; what waited is alone at the next start."""
    monkeypatch.setattr(albums, "WAIT", 0.1)

    def photo_of(number: int, album: str, caption: str = "") -> Update:
        content = message(message_id=number, chat=group(), media_group_id=album, caption=caption)
        return read({"update_id": number, "message": content}, bot)

    bot = Bot("1:no-calls-are-made")
    bot._bot_user = User(BOT["id"], "Modista", True, username=BOT["username"])
    async with connect_async(redis_url) as redis:
        await Albums(redis).settle(photo_of(1, "a", NAMED))
        restarted, waited = Albums(redis), photo_of(2, "a")
        await restarted.settle(waited)
        assert waited.message
        assert restarted.filter(waited.message)
        other = photo_of(3, "b")
        await restarted.settle(other)
        assert other.message
        assert not restarted.filter(other.message)
