"""Downloads of files from Telegram, with limits on size, time and path."""

import asyncio
import logging
from asyncio import AbstractEventLoop, Semaphore
from contextlib import AbstractAsyncContextManager, nullcontext
from urllib.parse import quote
from weakref import WeakKeyDictionary

from telegram import Bot
from telegram.error import TelegramError

from bot.transport.http import MOST_BYTES, TooLongError
from bot.transport.rate_limiter import repeated

log = logging.getLogger(__name__)

# Bytes from which on a file is a large one, and how many of those are fetched at the same time:
# many people's 20 MB at once would be the end of a small machine's memory.
LARGE_BYTES = 2 * 1024 * 1024
MOST_LARGE = 4
# Attempts at a file, with pauses that grow: a minute of trouble at Telegram's costs nobody a photo.
ATTEMPTS = 8
# Seconds that one attempt may take: a slow server must not block a chat forever.
MOST_SECONDS = 120.0
SILENT_SECONDS = 20.0  # of these, without any of its bytes

_large: WeakKeyDictionary[AbstractEventLoop, Semaphore] = WeakKeyDictionary()


class ElsewhereError(TelegramError):
    """The file's path is not below the server's folder of files."""

    def __init__(self, path: str) -> None:
        reason = "its path leads elsewhere"
        if path.startswith("/"):
            reason += (
                ": the Bot API server names a file of its own machine, as it does with --local."
                " Start it without --local"
            )
        super().__init__(reason)


async def download(bot: Bot, file_id: str, *, what: str) -> bytes | None:
    """Fetch the file; None if Telegram does not give it, or it is too large.

    `what` names it in the log. Nobody's word on its size is believed: neither the sender's nor the
    server's.
    """

    async def fetch() -> bytes:
        file = await bot.get_file(file_id)
        size = file.file_size or MOST_BYTES
        if size > MOST_BYTES:
            raise TooLongError
        url = address(file.file_path or "", bot.base_file_url)
        async with _turn(size), asyncio.timeout(MOST_SECONDS):
            return await bot.request.retrieve(url, read_timeout=SILENT_SECONDS)

    try:
        return await repeated(fetch, attempts=ATTEMPTS, what="download")
    except (TelegramError, TimeoutError) as error:
        reason = str(error) or f"it took more than {MOST_SECONDS:.0f} s"
        log.warning("The file of %s could not be fetched: %s", what, reason)
        return None


def address(path: str, base: str) -> str:
    """Where the file is: below `base`, its parts percent-encoded.

    Raises ElsewhereError if `path` leads out of there. The library would read a file of this
    machine if the server names one.
    """
    parts = path.removeprefix(f"{base}/").split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise ElsewhereError(path)
    return "/".join([base, *(quote(part, safe=":@") for part in parts)])


def _turn(size: int) -> AbstractAsyncContextManager[None]:
    if size < LARGE_BYTES:
        return nullcontext()
    return _large.setdefault(asyncio.get_running_loop(), Semaphore(MOST_LARGE))
