"""Whose updates are left out as they come in, and whether anybody is told."""

from typing import Any

import pytest
import redis.asyncio
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update, User

from bot.handlers.photos import HAS_PHOTO
from bot.replies import fair_share
from bot.replies.day_counts import DayCounts
from bot.replies.fair_share import FEW_PHOTOS, MANY_WAITING, MOST_WAITING, FairShare
from bot.transport.updates import read
from model.common.queue.limits import Limits
from model.common.queue.messages import Address
from model.common.queue.refusals import Refusal

PHOTO: dict[str, Any] = {
    "photo": [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
}
BOT = Bot("1:no-calls-are-made")
BOT._bot_user = User(1, "Modista", True, username="modista_bot")


def shares(flooded: bool = False, **limits: int) -> FairShare:
    return FairShare(
        Limits(**limits),
        is_photo=HAS_PHOTO.filter,
        flooded=lambda: flooded,
        counts=DayCounts(redis.asyncio.Redis()),  # nothing is written
    )


def update(number: int, chat: int = 5, person: int | None = None, **content: Any) -> Update:
    kind = "private" if chat > 0 else "supergroup"
    message = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": kind, "title": "T"},
        "from": {"id": person or abs(chat), "is_bot": False, "first_name": "G"},
    }
    return read({"update_id": number, "message": message | (content or {"text": "hello"})}, BOT)


def pressed(number: int, chat: int = 5) -> Update:
    message = update(number, chat).to_dict()["message"]
    query = {"id": "1", "from": message["from"], "message": message, "chat_instance": "1"}
    return read({"update_id": number, "callback_query": query | {"data": "x"}}, BOT)


def taken(share: FairShare, *updates: Update) -> list[Refusal | None]:
    """Each one's refusal; those without are begun, under their update's id."""
    found = []
    for each in updates:
        found.append(share.refusal(each))
        if found[-1] is None:
            share.begin(str(each.update_id), each)
    return found


@pytest.mark.parametrize("make", [update, pressed])
def test_beyond_its_share_a_chat_is_refused_until_something_is_done(make: Any) -> None:
    share = shares()
    assert taken(share, *map(make, range(MOST_WAITING))) == [None] * MOST_WAITING
    [refusal] = taken(share, make(77))
    to = Address(chat_id=5, message_id=77, user_id=5, language="en")
    assert refusal == Refusal(to=to, reason="at_once")
    assert taken(share, make(78, chat=6)) == [None]
    share.end("3")
    share.end("3")
    assert taken(share, make(79)) == [None]
    assert taken(share, make(80)) != [None]


def test_a_person_has_one_share_in_all_their_groups() -> None:
    share = shares()
    hello = {"text": "@modista_bot hello"}
    for number in range(MOST_WAITING):
        assert taken(share, update(number, chat=-1 - number, person=7, **hello)) == [None]
    [refusal] = taken(share, update(99, chat=-99, person=7, **hello))
    assert refusal is not None
    assert refusal.to is not None
    assert refusal.to.told_in == "-99:7"
    assert taken(share, update(100, chat=-99, person=8, **hello)) == [None]


def test_nobody_is_told_of_what_was_not_for_the_bot() -> None:
    refusals = taken(shares(), *(update(n, chat=-9) for n in range(MOST_WAITING + 1)))
    assert refusals[-1] is not None
    assert refusals[-1].to is None


@pytest.mark.parametrize(("per_minute", "most"), [(2, MOST_WAITING), (60, 60), (0, 300)])
def test_photos_have_a_share_of_their_own_by_their_limit(per_minute: int, most: int) -> None:
    share = shares(per_minute=per_minute)
    assert taken(share, *(update(n, **PHOTO) for n in range(most))) == [None] * most
    assert taken(share, update(900)) == [None]
    [refusal] = taken(share, update(901, **PHOTO))
    if not per_minute:
        assert refusal is None
    else:
        assert refusal is not None
        assert (refusal.reason, refusal.limit) == ("too_fast", per_minute)


def test_a_bot_that_is_late_takes_few_photos_of_whomever() -> None:
    share = shares()
    for number in range(MANY_WAITING):
        share.begin(str(number), update(number, chat=1000 + number))
    photos = [update(n, chat=n, **PHOTO) for n in range(5000, 5000 + FEW_PHOTOS + 1)]
    *first, last = taken(share, *photos)
    assert first == [None] * FEW_PHOTOS
    assert last is not None
    assert last.reason == "full"
    assert taken(share, update(1, chat=4000)) == [None]
    for number in range(FEW_PHOTOS + 2):
        share.end(str(number))
    assert taken(share, photos[-1]) == [None]


def test_a_flood_is_late_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_share, "FEW_PHOTOS", 0)
    assert taken(shares(), update(1, **PHOTO)) == [None]
    assert taken(shares(flooded=True), update(1, **PHOTO)) != [None]
    # Whether a group's album names the bot is not known yet.
    assert taken(shares(flooded=True), update(1, chat=-9, **PHOTO)) == [None]


def test_what_is_of_no_type_is_nobodys_photo() -> None:
    odd = update(1, document={"file_id": "a", "file_unique_id": "b", "mime_type": 5})
    assert taken(shares(), odd) == [None]


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.booleans()), max_size=60))
def test_what_has_ended_leaves_nothing_behind(steps: list[tuple[int, bool, bool]]) -> None:
    share = shares(per_minute=0)
    for number, (chat, is_photo, ends) in enumerate(steps):
        taken(share, update(number, chat, **(PHOTO if is_photo else {})))
        if ends:
            share.end(str(number))
    for number in range(len(steps)):
        share.end(str(number))
    assert not share._waiting
    assert not share._photos
    assert not any(share._counts.values())
