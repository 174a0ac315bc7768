"""A running bot whose answers can be corrected, and what people do with the buttons."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image

from bot.sandbox.state.callbacks import CallbackAnswer
from bot.sandbox.telegram import GUEST
from model.common.corrections.store import CorrectionStore
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.messages import Answer, PhotoJob
from model.photos.decode import decode
from model.serving.corrections import Corrector
from tests.helpers.bot.running import Parts, assembled, prediction
from tests.helpers.corrections import all_in
from tests.helpers.photos import picture
from tests.helpers.redis import Client, connect
from tests.helpers.waiting import LIMIT, until

SNEAKER = prediction(Sneaker=0.93, Sandal=0.07)
SANDAL = "👡 Sandal"
CORRECTED = "Corrected: 👡 Sandal. I’d said Sneaker"
JUDGE = ["✓ Sneaker", "👡 Sandal", "👕 T-shirt or top", "More…"]
KEEP, NO = "Yes, keep them", "No"
ALLOW, STOP = "Allow it now", "Stop, and delete them"


class Chart:
    """Draws nothing but a colour: green, or red for a mistake."""

    def draw(
        self, prediction: Prediction, photo: Image.Image, language: str, *, truth: int | None = None
    ) -> bytes:
        mistaken = truth is not None and truth != prediction.said
        return picture("red" if mistaken else "green", form="PNG")

    tile = draw


@dataclass
class Correcting:
    """The objects that a test of corrections works with."""

    parts: Parts
    store: CorrectionStore
    client: Client
    prediction: Prediction = SNEAKER

    def answer(self, job: PhotoJob) -> Answer:
        """What a worker does with a job, without its classifier."""
        if job.correction:
            corrector = Corrector(Chart(), self.store)
            return corrector.answer(job, job.correction, decode(job.image))
        return Answer.to(job, prediction=self.prediction, picture=picture("white", form="PNG"))

    async def answered(self, who: int = GUEST.id) -> int:
        """Somebody's photo was answered: the number of the answer."""
        reply = await self.parts.reply(await self.parts.send_photo(who=who), who)
        return int(reply["message_id"])

    def message(self, number: int, who: int = GUEST.id) -> dict[str, Any]:
        """A message as it looks now."""
        [found] = [m for m in self.parts.sandbox.messages(who) if m["message_id"] == number]
        return found

    def buttons(self, number: int, who: int = GUEST.id) -> dict[str, str]:
        """The texts of a message's buttons, with their data."""
        markup = self.message(number, who).get("reply_markup", {})
        rows = markup.get("inline_keyboard", [])
        return {button["text"]: button["callback_data"] for row in rows for button in row}

    async def press(self, number: int, text: str, who: int = GUEST.id) -> CallbackAnswer:
        """Press the button with this text; what the bot says to it."""
        return await self.send(number, self.buttons(number, who)[text], who)

    async def send(self, number: int, data: str, who: int = GUEST.id) -> CallbackAnswer:
        """Press a button with this data, there or not."""
        answer = await self.parts.sandbox.callback(who, number, data)
        assert answer is not None, "every press is answered"
        return answer

    async def correct(self, number: int, text: str, who: int = GUEST.id) -> None:
        """Press the class, where it is under the answer, or among the others."""
        if text not in self.buttons(number, who):
            await self.press(number, "More…", who)
            await self.until_buttons(number, who, having=text)
        await self.press(number, text, who)

    async def until_buttons(self, number: int, who: int = GUEST.id, *, having: str) -> None:
        """Wait for a button of this text under the message."""
        await self.until(lambda: having in self.buttons(number, who))

    async def until_caption(self, number: int, start: str, who: int = GUEST.id) -> None:
        """Wait for the message's caption to begin so."""
        await self.until(lambda: self.message(number, who).get("caption", "").startswith(start))

    async def until(self, condition: Any) -> None:
        """Wait for a condition that something in the chat brings about."""
        found = await self.parts.sandbox.events.until(lambda: condition() or None, LIMIT)
        assert found, "it did not come"

    def colour(self, number: int, who: int = GUEST.id) -> str:
        """The colour of the message's picture."""
        photo = self.message(number, who)["photo"][-1]["file_id"]
        pixel = decode(self.parts.sandbox.file_bytes(photo)).getpixel((5, 5))
        assert isinstance(pixel, tuple)
        near = {"red": (255, 0, 0), "green": (0, 128, 0), "white": (255, 255, 255)}
        return min(
            near, key=lambda name: sum(abs(a - b) for a, b in zip(near[name], pixel, strict=True))
        )

    def counted(self) -> dict[bytes, int]:
        """How many answers were right and wrong, as far as it was any."""
        found: Any = self.client.hgetall(keys.CORRECTIONS_COUNT)
        return {key: int(value) for key, value in found.items() if int(value)}

    async def corrected(self, who: int = GUEST.id) -> int:
        """An answer, "Sneaker", that the person has corrected to "Sandal"."""
        number = await self.answered(who)
        await self.correct(number, SANDAL, who)
        await self.until_caption(number, CORRECTED, who)
        return number

    async def asked(self, who: int = GUEST.id) -> int:
        """The number of the question for consent, after a first correction."""
        number = await self.corrected(who)
        question = await self.parts.reply(number, who)
        assert question["text"].startswith("One question")
        return int(question["message_id"])

    async def until_kept(self, count: int) -> None:
        """Wait until `count` corrections are kept."""
        await until(lambda: len(self.store.all()) == count)

    async def ask(self, text: str, who: int = GUEST.id) -> dict[str, Any]:
        """Say something; the bot's next message."""
        sent = await self.parts.sandbox.send_text(who, text)
        return await self.parts.sandbox.next_bot_message(who, after=sent["message_id"])

    async def forget(self, who: int = GUEST.id) -> str:
        """Say /forget and press "Delete": what the bot says then."""
        sent = await self.parts.sandbox.send_text(who, "/forget")

        def asked() -> list[dict[str, Any]]:
            # Not the question for consent, which may come in between.
            new = (m for m in self.parts.from_bot(who) if m["message_id"] > sent["message_id"])
            return [message for message in new if str(message.get("text")).startswith("Delete ")]

        await until(asked)
        number, question = asked()[0]["message_id"], asked()[0]["text"]
        await self.press(number, "Delete", who)
        await self.until(lambda: self.message(number, who)["text"] != question)
        return str(self.message(number, who)["text"])

    async def left(self, who: int = GUEST.id) -> list[bytes]:
        """The lines of all that is in Redis that name this person, once the updates are handled."""
        await until(lambda: self.client.hlen(keys.UPDATES) == 0)
        names = str(who).encode(), self.store.keyring.person(who).encode()
        pattern = re.compile(rb"\b(%s|%s)\b" % names)
        return [line for line in all_in(self.client).split(b"\n") if pattern.search(line)]


@asynccontextmanager
async def correcting(redis_url: str) -> AsyncIterator[Correcting]:
    """The sandbox is up, the worker is ready to start; the bot is not running yet."""
    async with assembled(redis_url) as parts:
        with connect(redis_url) as client:
            both = Correcting(parts, CorrectionStore(client), client)
            parts.worker.answer = both.answer
            yield both
