"""Fair shares of the bot's attention: updates beyond a chat's or person's share are refused.

That is decided as updates arrive, when they have cost no more than their reading. Photos have
limits of their own in the queue; here they only must not keep others out.
"""

import math
from collections import Counter
from collections.abc import Callable

from telegram import Message, Update

from bot.i18n.language import language_of
from bot.replies.addressing import ADDRESSED, sender, topic_of
from bot.replies.day_counts import DayCounts
from bot.transport.intake import Fairness
from model.common.queue.limits import Limits, Reason
from model.common.queue.messages import Address
from model.common.queue.refusals import Refusal

# Messages and button presses, but for photos, of one chat or one person that are not handled yet.
# Telegram takes about one reply a second in a chat.
MOST_WAITING = 20
# With MANY_WAITING updates in hand the bot cannot keep up. Until it does, at most FEW_PHOTOS photos
# may be among them: these keep the workers busy, and refusing the others costs far less.
MANY_WAITING, FEW_PHOTOS = 500, 16

Owner = tuple[str, int]  # "chat" or "person", and its id


class FairShare(Fairness):
    """Counts the updates in hand by chat and by person."""

    def __init__(
        self,
        limits: Limits,
        *,
        is_photo: Callable[[Message], object],
        flooded: Callable[[], bool],
        counts: DayCounts,
    ) -> None:
        """`flooded` returns whether Telegram keeps sending more updates."""
        self._day = counts
        self._limits = limits
        self._is_photo = is_photo
        self._flooded = flooded
        self._waiting: dict[str, tuple[bool, tuple[Owner, ...]]] = {}
        # By whether they are photos.
        self._counts: dict[bool, Counter[Owner]] = {True: Counter(), False: Counter()}
        self._photos = 0

    def refusal(self, update: Update) -> Refusal | None:
        """The reason to leave it out; None to handle it."""
        photo, limit = _fits(self._is_photo, update.message), self._limits.per_minute
        most = max(MOST_WAITING, limit or math.inf) if photo else MOST_WAITING
        if any(self._counts[photo][owner] >= most for owner in _owners(update)):
            refusal = _refusal(update, "too_fast", limit) if photo else _refusal(update, "at_once")
        elif photo and self._photos >= FEW_PHOTOS and self._late() and _is_addressed(update):
            refusal = _refusal(update, "full")
        else:
            return None
        if photo and refusal.to:
            self._day.add("photos")
            self._day.add("not_taken")
        return refusal

    def begin(self, name: str, update: Update) -> None:
        """The update is taken in under this name."""
        photo, owners = _fits(self._is_photo, update.message), _owners(update)
        self._waiting[name] = photo, owners
        self._counts[photo].update(owners)
        self._photos += photo

    def end(self, name: str) -> None:
        """The update is done."""
        photo, owners = self._waiting.pop(name, (False, ()))
        self._photos -= photo
        counts = self._counts[photo]
        for owner in owners:
            counts[owner] -= 1
            if not counts[owner]:
                del counts[owner]

    def _late(self) -> bool:
        return len(self._waiting) >= MANY_WAITING or self._flooded()


def _owners(update: Update) -> tuple[Owner, ...]:
    chat, user, message = update.effective_chat, update.effective_user, update.message
    owners = [("chat", chat.id)] if chat else []
    if message or user:
        owners.append(("person", sender(message) if message else user.id if user else 0))
    return tuple(owners)


def _is_addressed(update: Update) -> bool:
    return update.callback_query is not None or _fits(ADDRESSED.filter, update.message)


def _fits(check: Callable[[Message], object], message: Message | None) -> bool:
    """Whether the message fits; one of an unknown type fails in its handler instead."""
    try:
        return bool(message and check(message))
    except Exception:
        return False


def _refusal(update: Update, reason: Reason, limit: int = 0) -> Refusal:
    """The refusal; nobody is told about messages that were not for the bot."""
    message, query = update.message, update.callback_query
    place = message or (query.message if query else None)
    to = None
    if place and _is_addressed(update):
        to = Address(
            chat_id=place.chat.id,
            message_id=place.message_id,
            user_id=sender(message) if message else query.from_user.id if query else 0,
            language=language_of(update.effective_user),
            topic=topic_of(place),
        )
    return Refusal(to=to, reason=reason, limit=limit, seconds=math.ceil(60 / limit) if limit else 0)
