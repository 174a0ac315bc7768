"""An admin's chat with the bot about retraining, and the outcomes that there may be."""

from typing import Any

import pytest

from bot.retraining import tracker
from bot.sandbox.telegram import ADMIN
from bot.transport import outage
from model.common.queue.heartbeats import TRAINERS, TrainerStatus
from model.common.retraining.job_slot import Slot, Snapshot
from model.common.retraining.messages import Figures, Outcome, RetrainProgress
from tests.helpers.bot.running import Parts
from tests.helpers.redis import connect
from tests.helpers.waiting import until

OLD = Figures(
    fashion_mnist=0.93, photos=0.887, corrections=0.4, fashion_mnist_ece=0.011, photos_ece=0.034
)
NEW = Figures(
    fashion_mnist=0.931,
    photos=0.894,
    corrections=0.8,
    fashion_mnist_ece=0.01,
    photos_ece=0.031,
    counts={"fashion_mnist": 10000, "photos": 795, "corrections": 20},
)
PROMOTED = Outcome(
    verdict="promoted",
    reason="better",
    version="v<2>",
    old=OLD,
    new=NEW,
    trained_on={"fashion_mnist": 55000, "photos": 3321, "base": "v1"},
    seconds=192,
    gained=["corrections"],
    changes={"corrections:8": [0, 10, 12, 0]},
)
KEPT = Outcome(
    verdict="kept",
    reason="lost",
    old=NEW,
    new=OLD,
    seconds=65,
    lost=["photos:5", "corrections"],
    changes={"photos:5": [21, 17, 25, 3]},
)
TRAINING = RetrainProgress(
    stage="training",
    share=0.5,
    epoch=2,
    epochs=4,
    loss=0.4204,
    accuracy=0.881,
    accuracy_of="photos",
    seconds_left=95,
)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for seconds between two looks or two edits."""
    monkeypatch.setattr(tracker, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(tracker, "EDIT_EVERY", 0.05)
    monkeypatch.setattr(outage, "FIRST_PAUSE", 0.05)


class Chat:
    """An admin's chat with the bot, and the slot, which the test fills as a trainer would."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.client = connect(parts.settings.redis_address)
        self.slot = Slot(self.client)

    def trainer_is_there(self, *photos: int) -> None:
        TRAINERS.publish(self.client, TrainerStatus(name="stand-in", photos=photos))

    async def say(self, text: str, who: int = ADMIN.id) -> dict[str, Any]:
        message = await self.parts.sandbox.send_text(who, text)
        return await self.parts.sandbox.next_bot_message(who, after=message["message_id"])

    async def press(self, number: int, which: int = 0, who: int = ADMIN.id) -> str | None:
        button = self.message(number, who)["reply_markup"]["inline_keyboard"][0][which]
        return await self.parts.sandbox.press(who, number, button["callback_data"])

    async def begin(self, command: str = "/retrain litenet", who: int = ADMIN.id) -> int:
        """Ask and confirm: the number of the message that follows the retraining."""
        number = int((await self.say(command, who))["message_id"])
        assert await self.press(number, who=who) == "Starting."
        return number

    def message(self, number: int, who: int = ADMIN.id) -> dict[str, Any]:
        [found] = [m for m in self.parts.sandbox.messages(who) if m["message_id"] == number]
        return found

    async def shows(self, number: int, *words: str, who: int = ADMIN.id) -> str:
        """The message's text, once all these words stand in it."""
        await until(lambda: all(word in self.message(number, who)["text"] for word in words))
        return str(self.message(number, who)["text"])

    def snapshot(self) -> Snapshot:
        found = self.slot.look()
        assert found is not None
        return found

    async def is_free(self) -> None:
        await until(lambda: self.slot.look() is None)

    def after(self, number: int, who: int = ADMIN.id) -> list[dict[str, Any]]:
        """What the bot wrote after this message."""
        return [m for m in self.parts.from_bot(who) if m["message_id"] > number]
