"""Texts that would be interpreted, or break a message: in names, captions, titles, languages."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.sandbox.state.photo_sizes import sizes
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.queue.heartbeats import WORKERS, WorkerStatus
from model.common.registry.registry import Registry
from tests.helpers.bot.retraining import KEPT, TRAINING, Chat, hurry
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.bot.updates import deliver, group, handled, message
from tests.helpers.models import publish
from tests.helpers.photos import picture

NASTY = {
    "HTML": "<b>bold</b><a href='tg://user?id=1'>x</a>&lt;&amp;</pre><script>",
    "broken HTML": "<b><i></b>&<&#x110000;",
    "Markdown": "*bold* _it_ `code` [x](http://evil.example) ||s|| \\",
    "bidi": "\u202e\u2067gnp.exe\u2066",
    "zero width": "a\u200b\u200c\u2060\ufeffb",
    "RTL": "שלום مرحبا",
    "controls": "\x00\x07\x1b[31m\r\n\x7f\x85",
    "many marks": "Z" + "\u0335\u0321" * 200,
    "placeholders": "{ $name } {0} %s %(x)s ${x} {{x}}",
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 20,
    "halves": "\ud83d\udc00 \ud800",
    "long": "W" * 4096,
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
async def test_nothing_that_a_person_writes_changes_the_answer(served: Parts, text: str) -> None:
    who = GUEST.user | {"first_name": text, "last_name": text, "username": text}
    chat = GUEST.chat | {"first_name": text, "title": text}
    photo = served.sandbox.files.add_photo(sizes(picture()))
    for content in ({"photo": photo, "caption": text}, {"text": text}, {"text": f"/start {text}"}):
        deliver(served, message=message(None, chat=chat) | {"from": who} | content)
    await handled(served)
    found = [await served.sandbox.next_bot_message(GUEST.id)]
    while len(found) < 3:
        found.append(await served.sandbox.next_bot_message(GUEST.id, after=found[-1]["message_id"]))
    said = sorted(str(each.get("caption") or each["text"])[:20] for each in found)
    assert said == ["Send me a photo of a", "Send me a photo of a", "👟 Sneaker, 93%"]
    for each in found:
        entities = each.get("entities", []) + each.get("caption_entities", [])
        # /help and /classes in our own words.
        assert {entity["type"] for entity in entities} <= {"bot_command"}


@pytest.mark.parametrize("length", [1024, 1025, 4096, 100_000])
@pytest.mark.parametrize("piece", ["x", "👟", "@modista_sandbox_bot ", "\u202e", "<b>"])
async def test_a_caption_may_be_huge(served: Parts, length: int, piece: str) -> None:
    caption = (piece * length)[:length]
    number = await served.send_photo(caption=caption)
    assert await served.said(number) == "👟 Sneaker, 93%"


async def test_in_a_group_only_the_bots_whole_name_calls_it(served: Parts) -> None:
    photo = served.sandbox.files.add_photo(sizes(picture()))
    for caption in ("@modista_sandbox_botanist", "modista_sandbox_bot", "x", "@", NASTY["long"]):
        deliver(served, message=message(None, chat=group(), photo=photo, caption=caption))
    called = f"{'x' * 5000}\n@Modista_Sandbox_Bot?"
    deliver(served, message=message(None, chat=group(), photo=photo, caption=called))
    found = await served.sandbox.next_bot_message(GUEST.id)
    assert found["caption"] == "👟 Sneaker, 93%"
    await handled(served)
    assert len(served.worker.jobs) == 1


@pytest.mark.parametrize(
    "code",
    ["", "x", "../../etc/passwd", "es\x00", "\u202ees", "e" * 5000, "ES_", "en-GB-oed", "xx-es"],
)
async def test_a_language_is_one_of_ours_whatever_it_is_called(served: Parts, code: str) -> None:
    served.sandbox.set_language(GUEST.id, code)
    sent = await served.sandbox.send_text(GUEST.id, "/start")
    found = await served.sandbox.next_bot_message(GUEST.id, after=sent["message_id"])
    greeting = "👋 ¡Hola!" if code == "ES_" else "👋 Hi!"
    assert found["text"].startswith(greeting)


class TestAdminsNames:
    """Names that the bot shows to others: of those who started or stopped a retraining."""

    @pytest.fixture
    async def two(self, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
        hurry(monkeypatch)
        both = f"{ADMIN.id},{GUEST.id}"
        async with assembled(redis_url, admin_ids=both) as parts, parts.bot():
            yield Chat(parts)

    @pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
    async def test_a_retraining_is_followed_whatever_the_admins_are_called(
        self, two: Chat, name: str
    ) -> None:
        people = two.parts.sandbox.people
        for person in (ADMIN, GUEST):
            people[person.id] = replace(person, first_name=name)
        two.trainer_is_there()
        number = await two.begin()
        two.slot.take("t")
        two.slot.report("t", TRAINING)
        await two.shows(number, "Training, epoch 2 of 4")
        busy = await two.say("/retrain", GUEST.id)
        assert "started a retraining" in busy["text"]
        await two.say("/cancel", GUEST.id)
        cancelling = await two.shows(number, "stopping")
        two.slot.finish("t", KEPT)
        await two.is_free()
        for text in (busy["text"], cancelling, two.message(number)["text"]):
            assert not set(text) & set("\u202e\u2067\u2066\u200b\ufeff\x00\x1b\x07\r")
            assert len(text) < 1000
        for each in two.parts.from_bot(ADMIN.id):
            kinds = {entity["type"] for entity in each.get("entities", [])}
            # What Telegram finds by itself in a plain text, and our own marks.
            assert kinds <= {"bot_command", "url", "mention", "pre", "bold"}

    async def test_who_let_a_model_answer_is_kept_in_one_line(self, two: Chat) -> None:
        two.parts.sandbox.people[ADMIN.id] = replace(ADMIN, first_name=NASTY["controls"] + "Ana")
        registry = Registry(two.client)
        publish(registry, "v2")
        listed = await two.say("/models")
        assert await two.press(listed["message_id"]) == "✅ v2 is in use now."
        rollback = await two.say("/rollback")
        assert await two.press(rollback["message_id"])
        assert [each.by for each in registry.history()] == ["[31m Ana"] * 2


async def test_what_a_worker_says_of_itself_is_shown_as_it_is(parts: Parts) -> None:
    async with parts.bot():
        chat = Chat(parts)
        for name in ("<b>w</b>", "*w*"):
            status = WorkerStatus(name=name, model=NASTY["HTML"], answered=1)
            WORKERS.publish(chat.client, status)
        said = await chat.say("/status")
        assert "<b>w</b>: model <b>bold</b>" in said["text"]
        assert {each["type"] for each in said.get("entities", [])} <= {"bot_command"}
