"""A file that somebody sent, fetched from Telegram."""

import logging

from telegram import Bot
from telegram.error import TelegramError

from bot.rates import ATTEMPTS, repeated

log = logging.getLogger(__name__)


async def download(bot: Bot, file_id: str, *, what: str) -> bytes | None:
    """Fetch the file; None where Telegram does not give it. `what` names it in the log."""

    async def fetch() -> bytes:
        file = await bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())

    try:
        return await repeated(fetch, attempts=ATTEMPTS, what="download")
    except TelegramError as error:
        log.warning("The file of %s could not be fetched: %s", what, error)
        return None
