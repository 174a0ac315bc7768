"""A photo, or an image sent as a file: fetched, queued; the answer comes by `bot.answers`."""

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath

from telegram import Message, PhotoSize, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import MessageHandler, filters

from bot.downloads import download
from bot.handlers.replies import ADDRESSED, NEW, Context, Handler, reply
from bot.intake import mark
from bot.outages import Outage
from bot.texts import language_of, say
from model.queue.messages import PhotoJob
from model.queue.streams import PhotoQueue, QueueFull

# The shorter side, in pixels, that is enough for the model and for the thumbnail in the answer.
ENOUGH = 320
# Telegram lets bots fetch files up to this size.
MOST_MEGABYTES = 20
# From so many photos ahead on, the person is told that it takes a while.
MANY_AHEAD = 50
# Seconds until the same chat is told again.
TELL_AGAIN = 60
IMAGE_ENDINGS = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
    | {".heic", ".heif", ".hif", ".avif"}
)


class _ImageFile(filters.MessageFilter):
    """A document that says it is an image, by its type or by its name."""

    def filter(self, message: Message) -> bool:
        document = message.document
        # An animation is a video that Telegram shows as a document, too.
        if document is None or message.animation:
            return False
        if (document.mime_type or "").startswith("image/"):
            return True
        return PurePath(document.file_name or "").suffix.lower() in IMAGE_ENDINGS


IMAGE_FILE = _ImageFile(name="IMAGE_FILE")


class Photos:
    """Puts photos into the queue."""

    def __init__(self, queue: PhotoQueue) -> None:
        self._queue = queue
        self._outage = Outage("Queueing photos in Redis")

    def handlers(self) -> list[Handler]:
        """The handlers to register."""
        return [MessageHandler(NEW & ADDRESSED & (filters.PHOTO | IMAGE_FILE), self.receive)]

    async def receive(self, update: Update, context: Context) -> None:
        """Fetch the photo and queue it; say so only where it has to wait for long."""
        message = update.effective_message
        if message is None:
            return
        user = update.effective_user
        language = language_of(user)
        attachment = message.document or smallest_sufficient(message.photo)
        if (attachment.file_size or 0) > MOST_MEGABYTES * 1_000_000:
            await reply(message, say(language, "photo-too-big", megabytes=MOST_MEGABYTES))
            return
        context.application.create_task(_show_work(message))
        image = await download(context.bot, attachment.file_id, what=mark(update))
        if image is None:
            await reply(message, say(language, "photo-not-fetched"))
            return
        job = PhotoJob(
            id=mark(update),
            chat_id=message.chat_id,
            message_id=message.message_id,
            user_id=user.id if user else message.chat_id,
            language=language,
            image=image,
            file_id=attachment.file_id,
            album=message.media_group_id,
        )
        try:
            # The update is not done before the photo is queued, so it may well wait for Redis.
            ahead = await self._outage.outlast(lambda: self._queue.submit(job))
        except QueueFull as full:
            await reply(message, say(language, "photo-busy", ahead=full.waiting))
            return
        if ahead >= MANY_AHEAD and _first_in_a_while(context):
            await reply(message, say(language, "photo-waiting", ahead=ahead))


def smallest_sufficient(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """Choose the smallest size whose shorter side is ENOUGH, else the largest there is."""
    by_area = sorted(sizes, key=lambda size: size.width * size.height)
    sufficient = (size for size in by_area if min(size.width, size.height) >= ENOUGH)
    return next(sufficient, by_area[-1])


async def _show_work(message: Message) -> None:
    # A courtesy: whatever is wrong with it, the photo goes on.
    with suppress(TelegramError):
        await message.reply_chat_action(ChatAction.UPLOAD_PHOTO)


def _first_in_a_while(context: Context) -> bool:
    """Whether this chat was not told for TELL_AGAIN seconds; remembers that it is told now."""
    chat_data = context.chat_data
    if chat_data is None:
        return True
    now = time.monotonic()
    if now - chat_data.get("told_at", -TELL_AGAIN) < TELL_AGAIN:
        return False
    chat_data["told_at"] = now
    return True
