"""Photos, and images sent as files: fetched and queued. `bot.replies.answers` sends the answers.

If there is no room for one, `bot.replies.refusal_notices` says so.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath

from telegram import Message, PhotoSize, Update
from telegram.ext import filters

from bot.i18n.language import language_of
from bot.replies.addressing import Context, acknowledge, reply, sender, tell, topic_of
from bot.replies.albums.mentions import Albums
from bot.replies.chat_actions import Signs
from bot.replies.day_counts import DayCounts
from bot.transport.downloads import download
from bot.transport.http import MOST_BYTES
from bot.transport.outage import Outage
from bot.transport.updates import mark
from model.common import metrics
from model.common.image_files import ENDINGS
from model.common.languages.sentences import say
from model.common.queue.messages import Address, PhotoJob
from model.common.queue.photo_queue import PhotoQueue, QueueFull

log = logging.getLogger(__name__)

# The shorter side, in pixels, that is enough for the model and for the thumbnail in the answer.
ENOUGH = 320
# With this many photos ahead of theirs, people are told that it takes a while.
MANY_AHEAD = 50
# Seconds until the same chat is told again.
TELL_AGAIN = 60
SAMPLE = r"sample:\Z"
# Drawn garments that can be tried: `tests/drawings` draws them.
SAMPLES = tuple(
    Path(__file__).with_name("samples") / f"{name}.jpg" for name in ("dress", "trouser", "t-shirt")
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
        return PurePath(document.file_name or "").suffix.lower() in ENDINGS


IMAGE_FILE = _ImageFile(name="IMAGE_FILE")


class _HasPhoto(filters.MessageFilter):
    """A photo, or an image as a file, that the bot did not send itself."""

    def filter(self, message: Message) -> bool:
        if message.from_user and message.from_user.id == message.get_bot().id:
            return False
        return bool(message.photo) or IMAGE_FILE.filter(message)


class _AboutAPhoto(filters.MessageFilter):
    """A message that replies to one with a photo."""

    def filter(self, message: Message) -> bool:
        return bool(message.reply_to_message and HAS_PHOTO.filter(message.reply_to_message))


HAS_PHOTO, ABOUT_A_PHOTO = _HasPhoto(name="HAS_PHOTO"), _AboutAPhoto(name="ABOUT_A_PHOTO")
QUESTION = filters.TEXT & ~filters.COMMAND


@dataclass(frozen=True)
class Photos:
    """Puts photos into the queue; `signs` are shown until the answer is there."""

    queue: PhotoQueue
    signs: Signs
    albums: Albums
    counts: DayCounts
    outage: Outage = field(default_factory=lambda: Outage("Queueing photos in Redis"))

    async def receive(self, update: Update, context: Context) -> None:
        """Answer the photo of this message."""
        if message := update.effective_message:
            album = message.media_group_id
            taken = await self._answer(update, context, message, photo=message, album=album)
            if album and not taken:
                self.albums.answered((message.chat_id, album), {mark(update)})

    async def what(self, update: Update, context: Context) -> None:
        """Answer the photo that this message replies to, no matter who sent it."""
        message = update.effective_message
        if message is None:
            return
        photo = message.reply_to_message
        if photo is None or not HAS_PHOTO.filter(photo):
            await tell(message, say(language_of(update.effective_user), "what-photo"))
            return
        await self._answer(update, context, message, photo=photo)

    async def _answer(
        self,
        update: Update,
        context: Context,
        message: Message,
        *,
        photo: Message,
        album: str | None = None,
    ) -> bool:
        """Fetch the photo and queue it; say so only if it has to wait for long.

        Whether it is queued now.

        The answer replies to the message `photo`. Who wrote `message` asked for it: it counts among
        theirs, and they may correct it.
        """
        language = language_of(update.effective_user)
        attachment = photo.document or smallest_sufficient(photo.photo)
        job = PhotoJob(
            id=mark(update),
            address=Address(
                chat_id=message.chat_id,
                message_id=photo.message_id,
                user_id=sender(message),
                language=language,
                file_id=attachment.file_id,
                topic=topic_of(message),
                album=album,
            ),
        )
        size = attachment.file_size or 0
        if size > MOST_BYTES:
            self._note_received(job)
            self._note_refused(job, "too_big")
            await reply(message, say(language, "photo-too-big", megabytes=MOST_BYTES >> 20))
            return False
        if not await self._admit(job, size):
            return False
        self.signs.begin(job.id, message)
        started = time.monotonic()
        image = await download(context.bot, attachment.file_id, what=job.id)
        metrics.SECONDS.labels("fetching").observe(time.monotonic() - started)
        if image is None:
            self.signs.end(job.id)
            self._note_refused(job, "not_fetched")
            await reply(message, say(language, "photo-not-fetched"))
            return False
        ahead = await self._submit(replace(job, image=image, sent_at=time.time()))
        if ahead is None:
            return False
        if ahead >= MANY_AHEAD and _first_in_a_while(context):
            await reply(message, say(language, "photo-waiting", ahead=ahead))
        return True

    async def sample(self, update: Update, context: Context) -> None:
        """Send a drawn garment and have it answered, as if the person had sent it.

        Without Telegram's name for it, the answer cannot be corrected: nobody's garment is learned.
        """
        query = update.callback_query
        if query is None or query.message is None:
            return
        language, chat_id = language_of(query.from_user), query.message.chat.id
        await acknowledge(query)
        image = sample_picture(query.message.message_id % len(SAMPLES))
        job = PhotoJob(
            id=mark(update),
            address=Address(
                chat_id=chat_id,
                message_id=query.message.message_id,
                user_id=query.from_user.id,
                language=language,
                topic=topic_of(query.message),
            ),
            image=image,
        )
        if not await self._admit(job, len(image)):
            return
        sent = await context.bot.send_photo(
            chat_id,
            image,
            caption=say(language, "sample"),
            message_thread_id=job.address.topic,
        )
        self.signs.begin(job.id, sent)
        address = replace(job.address, message_id=sent.message_id)
        await self._submit(replace(job, address=address, sent_at=time.time()))

    async def _admit(self, job: PhotoJob, size: int) -> bool:
        """Whether there is room for a photo that is not in the queue yet.

        Asked before it is fetched: a flood must not cost more than this look at each photo.
        """
        try:
            new = await self.outage.outlast(lambda: self.queue.admit(job, size))
        except QueueFull as full:
            self._note_received(job)
            self._note_refused(job, full.reason)
            return False
        if new:
            self._note_received(job)
        else:
            log.info("photo was queued before job=%s", job.id)
        return new

    async def _submit(self, job: PhotoJob) -> int | None:
        """How many photos stand before this one; None if there is no room for it any more."""
        try:
            # The update is not done before the photo is queued, so it may well wait for Redis.
            ahead = await self.outage.outlast(lambda: self.queue.submit(job))
        except QueueFull as full:
            self.signs.end(job.id)
            self._note_refused(job, full.reason)
            return None
        log.info("photo queued job=%s bytes=%d ahead=%d", job.id, len(job.image), ahead)
        return ahead

    def _note_received(self, job: PhotoJob) -> None:
        metrics.RECEIVED.inc()
        self.counts.add("photos")
        log.info("photo received job=%s", job.id)

    def _note_refused(self, job: PhotoJob, reason: str) -> None:
        metrics.REFUSED.labels(reason).inc()
        self.counts.add("not_taken")
        log.info("photo refused job=%s reason=%s", job.id, reason)


@cache
def sample_picture(number: int) -> bytes:
    """One of the SAMPLES, a JPEG."""
    return SAMPLES[number].read_bytes()


def smallest_sufficient(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """Choose the smallest size whose shorter side is ENOUGH, else the largest there is."""
    by_area = sorted(sizes, key=lambda size: size.width * size.height)
    sufficient = (size for size in by_area if min(size.width, size.height) >= ENOUGH)
    return next(sufficient, by_area[-1])


def _first_in_a_while(context: Context) -> bool:
    """Whether this chat was not told for TELL_AGAIN seconds; remembers that it is told now."""
    chat_data, now = context.chat_data, time.monotonic()
    if chat_data is None or now - chat_data.get("told_at", -TELL_AGAIN) < TELL_AGAIN:
        return False
    chat_data["told_at"] = now
    return True
