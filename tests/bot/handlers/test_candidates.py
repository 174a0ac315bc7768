"""The buttons under a verdict, and the question before a promotion against a doubt."""

from dataclasses import replace
from typing import Any

import pytest

from bot.retraining.candidate_buttons import mark
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.registry.entry import shipped
from model.common.registry.registry import Registry
from tests.helpers.bot.retraining import KEPT, Chat, hurry
from tests.helpers.bot.running import Parts
from tests.helpers.models import entry, publish
from tests.helpers.waiting import until

SHIPS = shipped().version
OUTCOME = replace(KEPT, version="bad-1")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


class Deciding(Chat):
    """An admin's chat in which a verdict was told of bad-1, which the gate refused."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.registry = Registry(self.client)
        self.verdict = 0

    async def told(self) -> None:
        self.registry.set_aside(entry("bad-1", outcome=OUTCOME), b"n", b"compiled", token=None)
        number = await self.begin()
        self.slot.take("t")
        self.slot.finish("t", OUTCOME)
        await self.is_free()
        self.verdict = self.after(number)[-1]["message_id"]

    def buttons(self, number: int) -> dict[str, str]:
        rows = self.message(number).get("reply_markup", {}).get("inline_keyboard", [])
        return {button["text"]: button["callback_data"] for row in rows for button in row}

    async def tap(self, number: int, button: str) -> str | None:
        return await self.parts.sandbox.press(ADMIN.id, number, self.buttons(number)[button])

    async def asked(self, number: int, button: str) -> dict[str, Any]:
        """The question that a button asks."""
        before = self.parts.from_bot(ADMIN.id)[-1]["message_id"]
        await self.tap(number, button)
        await until(lambda: bool(self.after(before)))
        return self.after(before)[-1]


@pytest.fixture
async def chat(served: Parts) -> Deciding:
    chat = Deciding(served)
    await chat.told()
    return chat


async def test_a_refused_model_can_be_kept_promoted_or_discarded(chat: Deciding) -> None:
    verdict = chat.message(chat.verdict)
    assert "Not promoted: Sandal fell from 21 to 17 of 25" in verdict["text"]
    assert list(chat.buttons(chat.verdict)) == ["Keep it aside", "Promote anyway", "Discard"]
    listed = (await chat.say("/models"))["text"]
    assert "bad-1, made" in listed and "refused by the gate, kept aside until 20" in listed


async def test_keeping_it_says_until_when(chat: Deciding) -> None:
    said = await chat.tap(chat.verdict, "Keep it aside")
    assert said and said.startswith("bad-1 is kept aside until 20")
    text = await chat.shows(chat.verdict, "Not promoted: Sandal fell", said)
    assert "Photos         89.4%  88.7%  ▼" in text, "the verdict stands as it was"
    assert list(chat.buttons(chat.verdict)) == ["Promote anyway", "Discard"]
    assert chat.registry.aside().keys() == {"bad-1"}


async def test_discarding_it_deletes_it(chat: Deciding) -> None:
    stale = chat.buttons(chat.verdict)
    await chat.tap(chat.verdict, "Discard")
    await chat.shows(chat.verdict, "Not promoted", "bad-1 is deleted.")
    assert chat.buttons(chat.verdict) == {}
    assert [each.version for each in chat.registry.models()] == [SHIPS]
    for data in stale.values():
        said = await chat.parts.sandbox.press(ADMIN.id, chat.verdict, data)
        assert said and said.startswith("Things have changed")


async def test_promoting_it_asks_once_more_and_is_written_down(chat: Deciding) -> None:
    question = await chat.asked(chat.verdict, "Promote anyway")
    assert question["text"].startswith("The gate refused bad-1.") and SHIPS in question["text"]
    assert chat.registry.current() == SHIPS
    number = question["message_id"]
    yes = chat.buttons(number)["Promote it against the gate"]
    for _ in range(2):  # the second press does nothing more
        said = await chat.parts.sandbox.press(ADMIN.id, number, yes)
        assert said and said.startswith("✅ bad-1 is in use now, against the gate.")
    await chat.shows(number, "✅ bad-1")
    assert chat.buttons(number) == {}
    [promotion] = chat.registry.history()
    assert (promotion.by, promotion.doubt) == (ADMIN.first_name, "refused")
    assert f"promoted against the gate by {ADMIN.first_name}" in (await chat.say("/models"))["text"]
    assert f"promoted against the gate by {ADMIN.first_name}" in (await chat.say("/model"))["text"]
    assert await chat.tap(chat.verdict, "Promote anyway") == "bad-1 is already in use."
    assert "Things have changed" in str(await chat.tap(chat.verdict, "Discard"))


async def test_no_means_no(chat: Deciding) -> None:
    number = (await chat.asked(chat.verdict, "Promote anyway"))["message_id"]
    await chat.tap(number, "Leave it")
    await chat.shows(number, "All right, I changed nothing.")
    assert chat.registry.history() == [] and chat.registry.aside()


async def test_what_somebody_chose_meanwhile_stays(chat: Deciding) -> None:
    number = (await chat.asked(chat.verdict, "Promote anyway"))["message_id"]
    publish(chat.registry, "new-1")
    chat.registry.promote("new-1", by="Bea")
    said = await chat.tap(number, "Promote it against the gate")
    assert said and said.startswith("Things have changed")
    assert chat.registry.current() == "new-1" and chat.registry.doubted() == {}
    await until(lambda: chat.buttons(number) == {})


async def test_the_list_asks_before_it_promotes_what_was_never_measured(chat: Deciding) -> None:
    chat.registry.publish(entry("raw-1", figures={}), b"n", b"compiled")
    listed = await chat.say("/models")
    question = await chat.asked(listed["message_id"], "Use raw-1")
    assert question["text"].startswith("raw-1 was never measured")
    await chat.tap(question["message_id"], "Promote it unmeasured")
    await chat.shows(question["message_id"], "✅ raw-1 is in use now, unmeasured.")
    assert chat.registry.doubted()["raw-1"].doubt == "unmeasured"


async def test_others_may_not(chat: Deciding) -> None:
    other = await chat.say("/help", GUEST.id)
    for data in (*chat.buttons(chat.verdict).values(), f"candidate:promote:{mark('bad-1')}:x"):
        said = await chat.parts.sandbox.press(GUEST.id, other["message_id"], data)
        assert said == "Only this bot’s admins can do that."
    assert chat.registry.history() == [] and chat.registry.aside()


@pytest.mark.parametrize(
    "data",
    ["candidate:", "candidate:keep", "candidate:promote:x", "candidate:ask:x:y", "candidate"],
)
async def test_a_button_that_is_none_of_ours_changes_nothing(chat: Deciding, data: str) -> None:
    assert await chat.parts.sandbox.press(ADMIN.id, chat.verdict, data)
    assert chat.registry.history() == [] and chat.registry.aside()
