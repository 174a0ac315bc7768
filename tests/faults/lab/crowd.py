"""People who send numbered photos, and what each of them got."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from tests.faults.lab import numbered
from tests.faults.lab.watched import WatchedSandbox

# What a person reads of photos that were not taken: how many, or one.
NOT_TAKEN = re.compile(r"(?:couldn’t take|left out) your (?:photo|last one|last ([\d,]+))")
WAITING = "Got it!"  # so begins what somebody reads whose photo waits behind many


@dataclass(slots=True)
class Sent:
    """A numbered photo on its way, and the bot's replies to it."""

    number: int
    person: int
    message_id: int
    at: float
    replies: list[int] = field(default_factory=list)  # message ids
    answered_at: float | None = None
    answers: int = 0  # replies with a picture
    mine: int = 0  # of these, pictures that show this very number
    said: list[str] = field(default_factory=list)  # replies without a picture


class Crowd:
    """Sends photos from `people`, and watches the sandbox for replies.

    The photos' numbers start over after `distinct`: the same pictures are sent again.
    """

    def __init__(
        self, sandbox: WatchedSandbox, people: Sequence[int], *, distinct: int = numbered.MOST
    ) -> None:
        self.sandbox = sandbox
        self.people = list(people)
        self.sent: dict[tuple[int, int], Sent] = {}
        self.strays = 0  # pictures that reply to no photo of their chat
        self.texts: list[tuple[int, str]] = []  # what else the bot wrote, and to whom
        self.replied = 0  # photos that have a reply
        self._distinct = distinct
        # What was written before is another crowd's.
        self._seen = {
            person: max(sandbox.conversations[person].messages, default=0) for person in people
        }
        self._next = 0

    async def send(self, person: int | None = None) -> Sent:
        """One more photo: from `person`, or from the next in turn."""
        number, self._next = self._next, self._next + 1
        who = self.people[number % len(self.people)] if person is None else person
        data = await asyncio.to_thread(numbered.photo, number % self._distinct)
        at = monotonic()
        message = await self.sandbox.send_photo(who, data)
        sent = Sent(number, who, message["message_id"], at)
        self.sent[who, sent.message_id] = sent
        return sent

    async def send_steadily(self, count: int, per_second: float) -> None:
        """`count` photos, one after the other, at this rate whatever becomes of them."""
        started = monotonic()
        for done in range(count):
            await asyncio.sleep(max(0.0, started + done / per_second - monotonic()))
            await self.send()

    def look(self, *, forget: bool = False) -> None:
        """Take note of what the bot has written since the last look.

        With `forget`, the sandbox drops what was looked at: a long experiment would fill memory.
        """
        for person in self.people:
            messages = self.sandbox.conversations[person].messages
            for number in [n for n in messages if n > self._seen[person]]:
                message = messages[number]
                self._seen[person] = number
                if message["from"]["is_bot"]:
                    self._note(person, message)
                    # Who waits is still to be answered, by a reply to what is kept until then.
                    if forget and not message.get("text", "").startswith(WAITING):
                        self._forget(person, message)

    def unanswered(self) -> list[Sent]:
        """Those without any reply."""
        return [sent for sent in self.sent.values() if not sent.replies]

    async def all_answered(self, seconds: float, *, forget: bool = False) -> bool:
        """Wait until everybody has a reply, at most so long."""
        give_up = monotonic() + seconds
        while monotonic() < give_up:
            self.look(forget=forget)
            if not self.unanswered():
                return True
            await asyncio.sleep(0.2)
        return False

    @property
    def duplicates(self) -> int:
        """Pictures beyond the one that each photo is to get."""
        return sum(max(0, sent.answers - 1) for sent in self.sent.values())

    @property
    def wrong(self) -> int:
        """Pictures that show another photo than the one that they reply to, or reply to none."""
        return self.strays + sum(sent.answers - sent.mine for sent in self.sent.values())

    def waits(self) -> list[float]:
        """Seconds from sending to the first reply, of those who got one; sorted."""
        return sorted(
            sent.answered_at - sent.at
            for sent in self.sent.values()
            if sent.answered_at is not None
        )

    def said(self) -> Counter[str]:
        """The sentences that came instead of pictures, and how often."""
        return Counter(text for sent in self.sent.values() for text in sent.said)

    @property
    def told(self) -> int:
        """How many photos the bot's messages name as not taken."""
        others = [text for _, text in self.texts]
        replies = [text for sent in self.sent.values() for text in sent.said]
        return sum(not_taken(text) for text in others + replies)

    def _note(self, person: int, message: dict[str, Any]) -> None:
        original = message.get("reply_to_message", {}).get("message_id")
        sent = self.sent.get((person, original))
        if sent and message.get("text", "").startswith(WAITING):
            return
        if "photo" in message:
            if sent is None:
                self.strays += 1
                return
            sent.answers += 1
            data = self.sandbox.file_bytes(message["photo"][-1]["file_id"])
            sent.mine += numbered.read(data) == sent.number % self._distinct
        elif sent is None:
            self.texts.append((person, message.get("text", "")))
            return
        else:
            sent.said.append(message.get("text", ""))
        self.replied += not sent.replies
        sent.replies.append(message["message_id"])
        sent.answered_at = sent.answered_at or self.sandbox.posted[person, message["message_id"]]

    def _forget(self, person: int, message: dict[str, Any]) -> None:
        for each in (message, self._original(person, message)):
            for size in each.get("photo", []):
                self.sandbox.files.forget(size["file_id"])
        original = message.get("reply_to_message", {}).get("message_id")
        messages = self.sandbox.conversations[person].messages
        messages.pop(original, None)
        messages.pop(message["message_id"], None)

    def _original(self, person: int, message: dict[str, Any]) -> dict[str, Any]:
        number = message.get("reply_to_message", {}).get("message_id")
        return self.sandbox.conversations[person].messages.get(number, {})


def not_taken(text: str) -> int:
    """How many photos a message says were not taken; 0 for any other message."""
    found = NOT_TAKEN.search(text)
    if found is None:
        return 0
    return int(found[1].replace(",", "")) if found[1] else 1
