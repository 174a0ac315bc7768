"""A photo's way through the real bot, the sandbox's Telegram, real Redis and a stand-in worker."""

import asyncio
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from prometheus_client import REGISTRY
from telegram import PhotoSize

from bot.handlers import photos
from bot.handlers.photos import smallest_sufficient
from bot.replies import chat_actions
from bot.sandbox.bot_api.method import METHODS
from bot.sandbox.telegram import ADMIN, GUEST
from bot.transport.intake import Intake
from model.common.queue.messages import Answer, RefusalReason
from tests.helpers.bot.running import Parts, prediction
from tests.helpers.photos import picture

ROOT = Path(__file__).parents[3]


def size(width: int, height: int) -> PhotoSize:
    return PhotoSize(f"{width}x{height}", "unique", width, height)


@pytest.mark.parametrize(
    ("sides", "chosen"),
    [
        ([(90, 67), (320, 240), (800, 600), (1280, 960)], (800, 600)),
        ([(90, 67), (427, 320), (800, 600)], (427, 320)),
        ([(1280, 960), (427, 320), (90, 67)], (427, 320)),
        ([(90, 67), (320, 240)], (320, 240)),
        ([(90, 9), (1280, 128)], (1280, 128)),
        ([(50, 50)], (50, 50)),
    ],
)
def test_the_smallest_sufficient_size_is_chosen(
    sides: list[tuple[int, int]], chosen: tuple[int, int]
) -> None:
    best = smallest_sufficient([size(*side) for side in sides])
    assert (best.width, best.height) == chosen


async def test_a_photo_gets_its_picture_and_its_caption(served: Parts) -> None:
    number = await served.send_photo(picture(size=(2000, 1500)))
    reply = await served.reply(number)
    assert reply["caption"] == "👟 Sneaker, 93%"
    assert reply["photo"]
    [job] = served.worker.jobs
    assert min(Image.open(io.BytesIO(job.image)).size) in range(320, 800)
    to = job.address
    assert (to.chat_id, to.message_id, to.user_id) == (GUEST.id, number, GUEST.id)
    assert job.id.startswith("u")


async def test_the_answer_comes_in_the_persons_language(served: Parts) -> None:
    served.sandbox.set_language(GUEST.id, "es-AR")
    assert await served.said(await served.send_photo()) == "👟 Zapatilla, 93 %"
    assert served.worker.jobs[0].address.language == "es"


@pytest.mark.parametrize("question", ["/what", "and this?"])
async def test_a_question_in_reply_to_a_photo_has_it_answered_again(
    served: Parts, question: str
) -> None:
    number = await served.send_photo()
    assert await served.said(number) == "👟 Sneaker, 93%"
    served.worker.answer = lambda job: Answer.to(job, prediction=prediction(Bag=1.0))
    sent = await served.sandbox.send_text(GUEST.id, question, reply_to=number)
    again = await served.reply(number, after=sent["message_id"])
    assert again["text"] == "👜 Bag, 100%"


async def test_what_without_a_photo_says_how(served: Parts) -> None:
    sent = await served.sandbox.send_text(GUEST.id, "/what")
    told = await served.sandbox.next_bot_message(GUEST.id, after=sent["message_id"])
    assert told["text"].startswith("Reply with /what to a photo")
    chart = await served.reply(await served.send_photo())
    sent = await served.sandbox.send_text(GUEST.id, "/what", reply_to=chart["message_id"])
    told = await served.sandbox.next_bot_message(GUEST.id, after=sent["message_id"])
    assert told["text"].startswith("Reply with /what to a photo"), "not to the bot's own"
    assert len(served.worker.jobs) == 1


async def test_unsure_and_none_are_said_so(served: Parts) -> None:
    unsure = prediction("unsure", Shirt=0.45, Coat=0.40, Dress=0.15)
    served.worker.answer = lambda job: Answer.to(job, prediction=unsure, picture=picture())
    assert await served.said(await served.send_photo()) == "Not sure: Shirt 45% or Coat 40%"
    none = prediction("none", Bag=1.0)
    served.worker.answer = lambda job: Answer.to(job, prediction=none, picture=picture())
    assert "Closest: 👜 Bag 100%" in await served.said(await served.send_photo())


@pytest.mark.parametrize(
    ("refusal", "words"),
    [("unreadable", "couldn’t open"), ("too_large", "larger than I can"), ("failed", "went wrong")],
)
async def test_a_refusal_is_a_sentence(served: Parts, refusal: RefusalReason, words: str) -> None:
    served.worker.answer = lambda job: Answer.to(job, refusal=refusal)
    assert words in await served.said(await served.send_photo())


@pytest.mark.parametrize(
    ("file_name", "mime_type"),
    [
        ("shoe.png", "image/png"),
        ("shoe", "image/webp"),
        ("IMG_0042.HEIC", "image/heic"),
        ("shoe", "image/heif"),
        ("SHOE.HEIC", "application/octet-stream"),
        ("shoe.jpeg", None),
    ],
)
async def test_an_image_sent_as_a_file_is_taken_as_it_is(
    served: Parts, file_name: str, mime_type: str | None
) -> None:
    data = picture(form="PNG")
    message = await served.sandbox.send_document(GUEST.id, data, file_name, mime_type)
    assert await served.said(message["message_id"]) == "👟 Sneaker, 93%"
    assert served.worker.jobs[0].image == data


@pytest.mark.parametrize("file_name", ["IMG_0042.HEIC", "shoe.heif", "DSC0042.HIF", "shoe.avif"])
@pytest.mark.parametrize("mime_type", ["application/octet-stream", None])
async def test_a_phones_image_whose_type_nobody_knows_is_told_by_its_name(
    served: Parts, file_name: str, mime_type: str | None
) -> None:
    stored = served.sandbox.files.add_document(b"phone", file_name, None, None)
    # As it is, without the sandbox's guess at its type.
    content = {"document": stored | {"mime_type": mime_type}}
    message = await served.sandbox.send_update_content(GUEST.id, content)
    assert await served.said(message["message_id"]) == "👟 Sneaker, 93%"
    assert served.worker.jobs[0].image == b"phone"


def test_whatever_it_is_the_bot_does_not_decode_it() -> None:
    code = (
        "import sys, bot.__main__; print({'model.photos.decode', 'pillow_heif'} & set(sys.modules))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert output.stdout == "set()\n"


async def test_a_broken_image_file_goes_to_the_worker_who_refuses_it(served: Parts) -> None:
    served.worker.answer = lambda job: Answer.to(job, refusal="unreadable")
    message = await served.sandbox.send_document(GUEST.id, b"\xff\xd8broken", "a.jpg", "image/jpeg")
    assert "couldn’t open" in await served.said(message["message_id"])


async def test_a_file_over_the_limit_is_not_even_asked_for(served: Parts) -> None:
    content = {
        "document": {
            "file_id": "large",
            "file_unique_id": "large",
            "file_name": "large.tif",
            "mime_type": "image/tiff",
            "file_size": (20 << 20) + 1,
        }
    }
    message = await served.sandbox.send_update_content(GUEST.id, content)
    assert "over 20 MB" in await served.said(message["message_id"])
    assert not any(request.method == "getFile" for request in served.sandbox.requests)


async def test_a_file_that_telegram_does_not_know_is_said_so(served: Parts) -> None:
    content = {"document": {"file_id": "lost", "file_unique_id": "lost", "mime_type": "image/png"}}
    message = await served.sandbox.send_update_content(GUEST.id, content)
    assert "couldn’t fetch" in await served.said(message["message_id"])


async def test_an_albums_photos_are_queued_in_their_order(served: Parts) -> None:
    numbers = [await served.send_photo(album="holiday") for _ in range(4)]
    assert (await served.said(numbers[0])).startswith("4 photos: 4\u00a0×\u00a0👟 Sneaker")
    assert [job.address.message_id for job in served.worker.jobs] == numbers


async def test_a_bot_that_dies_after_queueing_does_not_fetch_the_photo_again(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        await asyncio.Event().wait()

    async with parts.worker.working():
        with monkeypatch.context() as dying:
            dying.setattr(Intake, "done", die)
            async with parts.bot():
                assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
        before = REGISTRY.get_sample_value("modista_photos_received_total") or 0
        async with parts.bot():
            assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
    assert [request.method for request in parts.sandbox.requests].count("getFile") == 2
    assert len(parts.worker.jobs) == 2
    assert REGISTRY.get_sample_value("modista_photos_received_total") == before + 1


async def test_while_many_wait_a_person_is_told_once(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MANY_AHEAD", 2)
    async with parts.bot():
        numbers = [await parts.send_photo() for _ in range(5)]
        assert await parts.said(numbers[2]) == "Got it! About 2 photos are ahead of yours."
        await parts.send_photo(who=ADMIN.id)
        await parts.sandbox.next_bot_message(ADMIN.id)
        assert len(parts.from_bot()) == 1


@pytest.mark.parametrize("method", ["sendChatAction", "setMyCommands", "deleteWebhook"])
async def test_the_main_way_stands_without_the_courtesies(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(chat_actions, "AFTER", 0.0)
    parts.sandbox.faults.add(method, "500", times=None)
    async with parts.worker.working(), parts.bot():
        assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
    assert any(request.method == method for request in parts.sandbox.requests)


@pytest.mark.parametrize("method", ["sendChatAction", "setMyCommands", "deleteWebhook"])
async def test_a_server_that_does_not_know_the_courtesies_will_do(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(chat_actions, "AFTER", 0.0)
    monkeypatch.delitem(METHODS, method.lower())
    async with parts.worker.working(), parts.bot():
        assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"


async def test_sizes_without_a_file_size_will_do(
    served: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = served.sandbox.updates.add

    def add_less(kind: str, content: dict[str, Any]) -> None:
        sizes = [
            {key: value for key, value in size.items() if key != "file_size"}
            for size in content["photo"]
        ]
        add(kind, content | {"photo": sizes})

    monkeypatch.setattr(served.sandbox.updates, "add", add_less)
    assert await served.said(await served.send_photo()) == "👟 Sneaker, 93%"


@pytest.mark.parametrize("method", ["getFile", "file"])
@pytest.mark.parametrize("kind", ["502", "drop", "lost"])
async def test_a_download_is_tried_again(served: Parts, method: str, kind: str) -> None:
    served.sandbox.faults.add(method, kind)  # type: ignore[arg-type]
    assert await served.said(await served.send_photo()) == "👟 Sneaker, 93%"
