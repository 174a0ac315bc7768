"""Sends the notices in `model.common.queue.notices` to the admins.

Each admin gets them in the language in which they last wrote, or in English.
"""

import logging
from collections.abc import Callable
from functools import partial

from redis.exceptions import RedisError
from telegram import Update
from telegram.ext import ExtBot

from bot.i18n.language import language_of
from bot.replies.addressing import Context
from bot.transport.delivery import deliver
from bot.transport.outage import Outage
from model.common.languages import DEFAULT
from model.common.languages.sentences import say
from model.common.queue import keys
from model.common.queue.notices import Notice, NoticeStream
from model.common.redis_tools.connection import AsyncClient

log = logging.getLogger(__name__)

BLOCK_MS = 1000

# Why a worker or trainer refused a model: `model.serving.live_model`, `older_versions`.
REASONS = {
    "missing": "refused-missing",
    "damaged": "refused-damaged",
    "unloadable": "refused-unloadable",
    "unfit": "refused-unfit",
    "uncompiled": "refused-uncompiled",
    "uncompilable": "refused-uncompilable",
}


class Notices:
    """Sends notices, one after the other, each to every admin."""

    def __init__(self, redis: AsyncClient, bot: ExtBot[int], admin_ids: frozenset[int]) -> None:
        self._redis = redis
        self._stream = NoticeStream(redis)
        self._bot = bot
        self._admin_ids = admin_ids
        self._languages: dict[int, str] = {}  # those that are known to be in Redis
        self._redis_outage = Outage("Taking notices from Redis")
        self._telegram_outage = Outage("Sending notices to Telegram")

    async def listen(self, update: Update, _context: Context) -> None:
        """Remember in which language an admin writes."""
        user = update.effective_user
        if user is None or user.id not in self._admin_ids:
            return
        language = language_of(user)
        if self._languages.get(user.id) == language:
            return
        name = self._redis.keyring.person(user.id)
        try:
            await self._redis.hset(keys.ADMIN_LANGUAGES, name, language)  # type: ignore[misc]
        except (RedisError, OSError) as error:
            log.info("The language of admin %d could not be stored: %s", user.id, error)
        else:
            self._languages[user.id] = language

    async def tell(self, text: Callable[[str], str]) -> None:
        """Tell every admin `text(language)`, in their own."""
        for admin in sorted(self._admin_ids):
            language = await self._redis_outage.outlast(partial(self._language, admin))
            await self._send(admin, text(language))

    async def run(self) -> None:
        """Send for ever. What was not told to everyone is told at the next start."""
        while True:
            taken = await self._redis_outage.outlast(partial(self._stream.take, BLOCK_MS))
            if taken is None:
                continue
            entry, notice = taken
            try:
                await self.tell(partial(sentence, notice))
                # At-least-once: a crash before it is done tells all admins again.
                end = partial(self._stream.done, entry)
            except (KeyError, ValueError) as error:
                end = partial(self._stream.bury, entry, f"there is no sentence for it: {error!r}")
            await self._redis_outage.outlast(end)

    async def _language(self, admin: int) -> str:
        name = self._redis.keyring.person(admin)
        kept = await self._redis.hget(keys.ADMIN_LANGUAGES, name)  # type: ignore[misc]
        return kept.decode(errors="replace") if kept else DEFAULT

    async def _send(self, admin: int, text: str) -> None:
        """Return when Telegram accepted it, or when there is no hope that it will."""
        error = await deliver(
            lambda: self._bot.send_message(admin, text, rate_limit_args=1),
            what=f"A notice to admin {admin}",
            outage=self._telegram_outage,
        )
        if error:
            # An admin who never wrote to the bot, or who blocked it.
            log.warning("Admin %d could not be notified: %s", admin, error)


def sentence(notice: Notice, language: str) -> str:
    """Say the notice. Raises KeyError if there is no sentence for its kind."""
    values = notice.values
    if notice.kind == "model-refused":
        reason = say(language, REASONS[str(values["reason"])])
        return say(language, "notice-model-refused", version=values["version"], reason=reason)
    raise KeyError(notice.kind)
