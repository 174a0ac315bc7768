"""/model, /models, /rollback, and the buttons under them."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.sandbox.telegram import ADMIN, GUEST
from model.common.queue import keys
from model.common.queue.heartbeats import WORKERS, WorkerStatus
from model.common.registry.entry import ModelRefusal, shipped
from model.common.registry.registry import Registry
from tests.helpers.bot.running import Parts
from tests.helpers.models import entry, publish
from tests.helpers.redis import connect

SHIPS = shipped().version


@pytest.fixture
def registry(redis_url: str) -> Iterator[Registry]:
    with connect(redis_url) as client:
        yield Registry(client)


@pytest.fixture
async def parts(parts: Parts) -> AsyncIterator[Parts]:
    """The bot is up; nobody answers photos."""
    async with parts.bot():
        yield parts


async def answer(parts: Parts, text: str, who: int = ADMIN.id) -> dict[str, Any]:
    """Say something; the bot's next message."""
    message = await parts.sandbox.send_text(who, text)
    return await parts.sandbox.next_bot_message(who, after=message["message_id"])


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """The data of each button, by what it says."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button["callback_data"] for row in rows for button in row}


def refuse(redis_url: str, version: str) -> None:
    """As a worker does, without telling the admins."""
    with connect(redis_url) as client:
        client.hset(keys.MODELS_REFUSED, version, ModelRefusal(reason="damaged").to_json())


async def press(
    parts: Parts, message: dict[str, Any], button: str, who: int = ADMIN.id
) -> tuple[str, bool, dict[str, Any]]:
    """Press a button: what the bot says, whether as an alert, and the message as it is then."""
    told = await parts.sandbox.callback(who, message["message_id"], buttons(message)[button])
    assert told and told.text
    # The message changes after the answer; the bot handles a chat's updates in their order.
    await answer(parts, "/start", who)
    shown = parts.sandbox.conversations[who].messages[message["message_id"]]
    return told.text, told.show_alert, shown


class TestModel:
    async def test_everyone_may_know_the_shipped_model(self, parts: Parts) -> None:
        text = (await answer(parts, "/model", GUEST.id))["text"]
        assert text.startswith(
            f"Model {SHIPS} ({shipped().network}) is in use: the one that comes with me."
        )
        assert "55,000 pictures of Fashion-MNIST" in text
        assert "photos of clothes" in text
        figures = {name: f"{100 * share:.1f}" for name, share in shipped().figures.items()}
        # 94.0 is written 94.
        assert f"• Fashion-MNIST {figures['fashion_mnist'].removesuffix('.0')}% right" in text
        assert f"off by {figures['photos_ece'].removesuffix('.0')} points on photos" in text
        assert "Right now" not in text

    async def test_a_promoted_model_says_since_when_and_from_what(
        self, parts: Parts, registry: Registry
    ) -> None:
        facts = {"base": "photos-2", "fashion_mnist": 5000, "photos": 0, "corrections": 1}
        registry.publish(
            entry("new-1", trained_on=facts, figures={"corrections": 0.5}), b"k", b"compiled"
        )
        registry.promote("new-1", by="Ada")
        text = (await answer(parts, "/model", GUEST.id))["text"]
        assert text.startswith("Model new-1 (ann) has been in use since 20")
        assert "was trained further from model photos-2" in text
        assert "1 correction made" in text
        assert "photos of clothes" not in text
        assert "• corrections 50% right" in text

    async def test_in_spanish(self, parts: Parts) -> None:
        parts.sandbox.set_language(GUEST.id, "es")
        text = (await answer(parts, "/model", GUEST.id))["text"]
        assert text.startswith(
            f"Responde el modelo {SHIPS} ({shipped().network}), el que viene conmigo."
        )
        photos = f"{100 * shipped().figures['photos']:.1f}".removesuffix(".0").replace(".", ",")
        assert f"{photos} %" in text

    async def test_it_says_what_else_answers_at_this_moment(
        self, parts: Parts, registry: Registry, redis_url: str
    ) -> None:
        registry.publish(entry("new-1", figures={}), b"k", b"compiled")
        registry.promote("new-1", by="Ada", anyway=True)
        for name, model in {"w1": "new-1", "w2": SHIPS}.items():
            worker = WorkerStatus(name=name, model=model, answered=0)
            with connect(redis_url) as client:
                WORKERS.publish(client, worker)
        text = (await answer(parts, "/model", GUEST.id))["text"]
        assert text.endswith(f"these models also answer: {SHIPS}.")
        assert "It hasn’t been measured." in text
        assert "promoted unmeasured by Ada" in text

    async def test_a_model_that_is_gone_is_said(
        self, parts: Parts, registry: Registry, redis_url: str
    ) -> None:
        publish(registry, "new-1")
        registry.promote("new-1", by="Ada")
        with connect(redis_url) as client:
            client.delete(keys.MODELS)
        assert (
            "new-1 should be in use, but it no longer exists"
            in (await answer(parts, "/model"))["text"]
        )


class TestModels:
    @pytest.mark.parametrize("command", ["/models", "/rollback"])
    async def test_only_admins_may(self, parts: Parts, command: str) -> None:
        text = (await answer(parts, command, GUEST.id))["text"]
        assert text == "That command is for this bot’s admins."

    async def test_all_are_listed_and_one_tap_promotes(
        self, parts: Parts, registry: Registry, redis_url: str
    ) -> None:
        registry.publish(entry("new-1", figures={"photos": 0.901}), b"k", b"compiled")
        publish(registry, "n" * 64)
        refuse(redis_url, "n" * 64)
        message = await answer(parts, "/models")
        text = message["text"]
        assert text.index("nnn") < text.index("• new-1") < text.index(f"▶️ {SHIPS}")
        assert "photos 90.1% right" in text
        assert "could not be loaded" in text
        assert "comes with me" in text
        assert list(buttons(message)) == [f"Use {'n' * 64}", "Use new-1"]

        said, alert, message = await press(parts, message, "Use new-1")
        assert (said, alert) == ("✅ new-1 is in use now.", False)
        assert registry.current() == "new-1"
        promotion = registry.promotion()
        assert promotion and promotion.by == ADMIN.first_name
        assert message["text"].startswith(said)
        assert "▶️ new-1" in message["text"]
        assert f"↩️ Back to {SHIPS}" in buttons(message)

    async def test_a_promotion_pressed_twice_is_one(self, parts: Parts, registry: Registry) -> None:
        publish(registry, "new-1")
        message = await answer(parts, "/models")
        await press(parts, message, "Use new-1")
        told = await parts.sandbox.callback(
            ADMIN.id, message["message_id"], buttons(message)["Use new-1"]
        )
        assert told and told.text == "new-1 is already in use."
        assert len(registry.history()) == 1

    async def test_a_refused_model_can_be_tried_again(
        self, parts: Parts, registry: Registry, redis_url: str
    ) -> None:
        publish(registry, "new-1")
        registry.promote("new-1", by="Ada")
        refuse(redis_url, "new-1")
        message = await answer(parts, "/models")
        await press(parts, message, "Use new-1")
        assert registry.refused() == {}

    async def test_a_model_that_is_gone_meanwhile_is_not_promoted(
        self, parts: Parts, registry: Registry, redis_url: str
    ) -> None:
        publish(registry, "new-1")
        message = await answer(parts, "/models")
        with connect(redis_url) as client:
            client.delete(keys.MODELS)
        said, alert, message = await press(parts, message, "Use new-1")
        assert (said.startswith("Things have changed"), alert) == (True, True)
        assert "new-1" not in message["text"]
        assert registry.current() == SHIPS

    @pytest.mark.parametrize("data", ["model:", "model:promote", "model:rollback:a:b", "model:x:y"])
    async def test_a_button_that_is_none_of_ours_does_nothing(
        self, parts: Parts, registry: Registry, data: str
    ) -> None:
        message = await answer(parts, "/models")
        told = await parts.sandbox.callback(ADMIN.id, message["message_id"], data)
        assert told and told.show_alert
        assert registry.history() == []

    async def test_a_button_is_for_admins_alone(self, parts: Parts, registry: Registry) -> None:
        publish(registry, "new-1")
        shown = await answer(parts, "/models")
        other = await answer(parts, "/start", GUEST.id)
        told = await parts.sandbox.callback(
            GUEST.id, other["message_id"], buttons(shown)["Use new-1"]
        )
        assert told and told.show_alert
        assert told.text == "Only this bot’s admins can do that."
        assert registry.current() == SHIPS

    async def test_a_press_is_answered_even_if_it_fails(
        self, parts: Parts, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(registry, "new-1")
        message = await answer(parts, "/models")

        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("no luck")

        monkeypatch.setattr(Registry, "promote", fail)
        said, alert, _ = await press(parts, message, "Use new-1")
        assert (said.startswith("Sorry"), alert) == (True, True)


class TestRollback:
    async def test_one_tap_goes_back(self, parts: Parts, registry: Registry) -> None:
        publish(registry, "new-1", "new-2")
        registry.promote("new-1", by="Ada")
        registry.promote("new-2", by="Ada")
        message = await answer(parts, "/rollback")
        assert message["text"] == "new-2 is in use. Before it, new-1 was."
        assert list(buttons(message)) == ["↩️ Back to new-1"]
        said, alert, shown = await press(parts, message, "↩️ Back to new-1")
        assert (said, alert) == ("↩️ Back from new-2 to new-1, which is in use now.", False)
        assert registry.current() == "new-1"
        assert shown["text"].startswith(said)
        assert "Use new-2" in buttons(shown), "so that it can be undone"

    async def test_a_second_tap_does_not_go_further_back(
        self, parts: Parts, registry: Registry
    ) -> None:
        publish(registry, "new-1", "new-2")
        registry.promote("new-1", by="Ada")
        registry.promote("new-2", by="Ada")
        message = await answer(parts, "/rollback")
        data = buttons(message)["↩️ Back to new-1"]
        for alert in (False, True):
            told = await parts.sandbox.callback(ADMIN.id, message["message_id"], data)
            assert told and told.show_alert is alert
        assert registry.current() == "new-1"

    async def test_a_tap_goes_where_its_button_says_or_nowhere(
        self, parts: Parts, registry: Registry, redis_url: str
    ) -> None:
        publish(registry, "new-1", "new-2")
        registry.promote("new-1", by="Ada")
        registry.promote("new-2", by="Ada")
        message = await answer(parts, "/rollback")
        refuse(redis_url, "new-1")
        said, alert, shown = await press(parts, message, "↩️ Back to new-1")
        assert (said.startswith("Things have changed"), alert) == (True, True)
        assert registry.current() == "new-2"
        assert f"↩️ Back to {SHIPS}" in buttons(shown)

    async def test_in_spanish(self, parts: Parts, registry: Registry) -> None:
        parts.sandbox.set_language(ADMIN.id, "es")
        publish(registry, "new-1")
        registry.promote("new-1", by="Ada")
        message = await answer(parts, "/rollback")
        assert message["text"] == f"Ahora responde new-1. Antes respondía {SHIPS}."
        assert list(buttons(message)) == [f"↩️ Volver a {SHIPS}"]

    async def test_there_may_be_nothing_to_go_back_to(self, parts: Parts) -> None:
        message = await answer(parts, "/rollback")
        assert "there is nothing to go back to" in message["text"]
        assert not buttons(message)
