"""The message once a retraining is over."""

from typing import Any

import pytest
from telegram.error import TimedOut
from telegram.ext import ExtBot

from bot.retraining import outcome as outcomes
from bot.sandbox.telegram import ADMIN
from bot.transport import delivery
from model.common.retraining import outcome_text
from model.common.retraining.messages import CANCELLED, Outcome
from tests.helpers.bot.retraining import KEPT, PROMOTED, TRAINING, Chat, hurry
from tests.helpers.bot.running import Parts
from tests.helpers.photos import picture
from tests.helpers.waiting import until


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture
async def chat(served: Parts) -> Chat:
    return Chat(served)


async def told(chat: Chat, outcome: Outcome, pictures: int = 0) -> list[dict[str, Any]]:
    """The bot's messages from the one that followed the retraining on."""
    number = await chat.begin()
    chat.slot.take("t")
    chat.slot.finish("t", outcome, [picture()] * pictures)
    await chat.is_free()
    return [chat.message(number), *chat.after(number)]


async def test_promoted(chat: Chat) -> None:
    followed, *album, verdict = await told(chat, PROMOTED, pictures=3)
    assert "✅ The new model v<2> is in use now.\nIt took 3 min 12 s." in followed["text"]
    assert len({picture["media_group_id"] for picture in album}) == 1 and len(album) == 3
    assert album[0]["caption"].startswith("Loss per epoch")
    assert verdict["text"] == (
        "✅ The new model v<2> is in use now.\n"
        "Trained on 55,000 pictures of Fashion-MNIST, 3,321 photos of clothes.\n"
        "                 old    new\n"
        "Fashion-MNIST  93.0%  93.1%\n"
        "Photos         88.7%  89.4%\n"
        "Corrections    40.0%  80.0%  ▲\n"
        "ECE F-MNIST     1.1%   1.0%\n"
        "ECE photos      3.4%   3.1%\n"
        "Measured on 10,000 held-back images of Fashion-MNIST, 795 validation photos, "
        "20 held-back corrections.\n"
        "Promoted: better on held-back corrections by more than chance explains, and nothing "
        "got worse. Bag rose from 0 to 10 of 12 held-back corrections."
    )
    assert [entity["type"] for entity in verdict["entities"]] == ["bold", "pre"]
    assert verdict["reply_to_message"]["message_id"] == followed["message_id"]


async def test_kept(chat: Chat) -> None:
    followed, verdict = await told(chat, KEPT)
    assert "stays in use" in followed["text"]
    assert "Photos         89.4%  88.7%  ▼" in verdict["text"]
    assert verdict["text"].endswith(
        "Not promoted: Sandal fell from 21 to 17 of 25 validation photos (at most 3 may be lost); "
        "held-back corrections got worse by more than the margin allows."
    )


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("photos_auroc", "telling garments from other garments on validation photos"),
        ("shoes_auroc", "telling garments from other shoes on validation photos"),
        ("photos:5", "validation photos (Sandal)"),
        ("corrections:-1", "held-back corrections (None of these)"),
        ("speed", "speed"),
        ("photos:99", "validation photos (None of these)"),
    ],
)
def test_what_was_lost_has_a_name(figure: str, words: str) -> None:
    outcome = Outcome(verdict="kept", reason="lost", lost=[figure])
    assert f"Not promoted: {words} got worse by more" in outcome_text.reason(outcome, "en")


def test_errors_and_whole_collections_are_told_in_numbers_too() -> None:
    outcome = Outcome(
        verdict="kept",
        reason="lost",
        lost=["photos", "photos_ece"],
        changes={"photos": [557, 540, 630, 9], "photos_ece": [0.032, 0.06, 0, 0.02]},
    )
    assert outcome_text.reason(outcome, "en") == (
        "Not promoted: the number of right answers fell from 557 to 540 of 630 validation photos "
        "(at most 9 may be lost); calibration on validation photos went from 3.2% to 6.0% "
        "(at most 2 points may be lost)."
    )


async def test_one_picture_is_no_album(chat: Chat) -> None:
    _, alone, _ = await told(chat, KEPT, pictures=1)
    assert alone["photo"] and "media_group_id" not in alone


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(verdict="kept", reason="no-gain"), "by more than chance explains"),
        (Outcome(verdict="kept", reason="changed", detail="a-1"), "somebody chose a-1"),
        (
            Outcome(verdict="kept", reason="one-person", gained=["corrections"]),
            "better on held-back corrections, but only one person’s corrections say so",
        ),
        (
            Outcome(verdict="kept", reason="no-gain", split_by="pictures"),
            "Too few people’s photos were corrected to judge it by other people’s",
        ),
        (Outcome(verdict="kept", reason="no-corrections"), "no corrections are kept"),
        (
            Outcome(verdict="failed", reason="no-fashion-mnist", detail="no way out."),
            "send /retrain again.\nThe trainer says: no way out.",
        ),
        (Outcome(verdict="failed", reason="died", detail="SIGKILL"), "(SIGKILL)"),
        (Outcome(verdict="failed", reason="error", detail="<b> & co"), "error: <b> & co"),
        (Outcome(verdict="failed", reason="unknown-network", detail="x"), "no network x here"),
    ],
)
async def test_why_nothing_changed(chat: Chat, outcome: Outcome, words: str) -> None:
    followed, verdict = await told(chat, outcome)
    assert "stays in use" in followed["text"]
    assert words in verdict["text"]


async def test_in_spanish(chat: Chat) -> None:
    chat.parts.sandbox.set_language(ADMIN.id, "es")
    number = (await chat.say("/retrain litenet"))["message_id"]
    assert await chat.press(number) == "Empieza."
    chat.slot.take("t")
    chat.slot.report("t", TRAINING)
    await chat.shows(number, "Entrenando, época 2 de 4", "pérdida 0,420", "88,1 % de aciertos")
    chat.slot.finish("t", KEPT)
    await chat.is_free()
    assert "89,4 %  88,7 %  ▼" in chat.after(number)[-1]["text"]


async def test_refused_pictures_do_not_keep_the_verdict_back(chat: Chat) -> None:
    chat.parts.sandbox.faults.add("sendMediaGroup", "unknown", times=None)
    _, verdict = await told(chat, PROMOTED, pictures=3)
    assert "Promoted: better" in verdict["text"]


async def test_an_album_that_never_arrives_is_given_up(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "ALBUM_SECONDS", 0)
    chat.parts.sandbox.faults.add("sendMediaGroup", "502", times=None)
    _, verdict = await told(chat, PROMOTED, pictures=3)
    assert "Promoted: better" in verdict["text"]


async def test_who_blocked_the_bot_does_not_block_the_slot(chat: Chat) -> None:
    await chat.begin()
    chat.parts.sandbox.block(ADMIN.id, True)
    chat.slot.take("t")
    chat.slot.finish("t", PROMOTED, [picture()] * 2)
    await chat.is_free()


async def test_only_the_step_that_was_cut_off_is_repeated(parts: Parts) -> None:
    chat = Chat(parts)
    async with parts.bot():
        number = await chat.begin()
        chat.slot.take("t")
        parts.sandbox.faults.add("sendMessage", "502", times=None)
        chat.slot.finish("t", PROMOTED, [picture()] * 2)
        await until(lambda: chat.snapshot().told == 2)
    assert len(chat.after(number)) == 2, "the album"
    parts.sandbox.faults.clear()
    async with parts.bot():
        await chat.is_free()
    *_, verdict = chat.after(number)
    assert len(chat.after(number)) == 3
    assert "Promoted: better" in verdict["text"]


async def test_cancelled_outcomes_need_no_second_message(chat: Chat) -> None:
    [followed] = await told(chat, CANCELLED)
    assert "Cancelled" in followed["text"]


async def test_an_album_that_times_out_is_not_sent_for_ever(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def slow(*_: Any, **__: Any) -> None:
        nonlocal tries
        tries += 1
        raise TimedOut

    monkeypatch.setattr(ExtBot, "send_media_group", slow)
    *_, verdict = await told(chat, PROMOTED, pictures=3)
    assert tries == delivery.MOST_UNKNOWN
    assert verdict["text"].startswith("✅")
