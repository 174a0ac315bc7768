"""The bot, put together: settings → Application → handlers → run."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

from redis.exceptions import AuthenticationError, RedisError
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot.background import BACKGROUND, LEASE, Background
from bot.handlers import errors, fallback, groups
from bot.handlers.account import Account
from bot.handlers.admin import Admin
from bot.handlers.candidates import Candidates
from bot.handlers.classes import Classes
from bot.handlers.corrections import Corrections
from bot.handlers.help import Help
from bot.handlers.models import Models
from bot.handlers.photos import HAS_PHOTO, Photos
from bot.handlers.retrain import Retrain
from bot.handlers.stats import Stats
from bot.health import watched
from bot.i18n import command_menu
from bot.replies.admin_notices import Notices
from bot.replies.alarms import Alarms
from bot.replies.albums.mentions import Albums
from bot.replies.answers import AnswerSender
from bot.replies.chat_actions import Signs
from bot.replies.corrected_answers import Redrawer
from bot.replies.day_counts import DayCounts
from bot.replies.fair_share import FairShare
from bot.replies.refusal_notices import Refusals
from bot.replies.refused_presses import RefusedPresses
from bot.retraining.tracker import Retrainings
from bot.settings import BotSettings
from bot.transport.client import connect
from bot.transport.delivery import UnknownOutcomes
from bot.transport.intake import ChatByChat, Intake
from bot.transport.lease import Lease
from bot.transport.outage import Outage
from bot.transport.webhook import Webhook
from model.common.corrections.aof_rewrite import AofRewriter
from model.common.corrections.book import CorrectionBook
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.photo_queue import PhotoQueue
from model.common.redis_tools.connection import connect as connect_blocking
from model.common.redis_tools.connection import connect_async
from model.common.redis_tools.server_check import UnsuitableServerError, check_async
from model.common.registry.registry import Registry
from model.common.shutdown import crash

log = logging.getLogger(__name__)

Modista = Application[Any, Any, Any, Any, Any, Any]
Callback = Callable[[Modista], Coroutine[Any, Any, None]]

# Seconds that Telegram may take with a poll that finds nothing.
POLL_SECONDS = 20
# The kinds of updates that there are handlers for.
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
# Seconds for each of the two steps of stopping.
STOP_SECONDS = 1.5


def build(settings: BotSettings) -> Modista:
    """Put the bot together. Nothing is connected yet: see `running`."""
    redis = connect_async(settings)
    queue = PhotoQueue(redis, settings.limits)
    client = connect(settings)
    book = CorrectionBook(redis, settings.answers_megabytes)
    redrawer = Redrawer(client, book, queue)
    background = Background()
    lease = Lease(redis)
    signs = Signs(background)
    albums = Albums(redis, HAS_PHOTO)
    counts = DayCounts(redis)
    shares = FairShare(
        settings.limits, is_photo=HAS_PHOTO.filter, flooded=client.flooded, counts=counts
    )
    presses = RefusedPresses(client, background)
    intake = Intake(redis, shares, presses.note)
    client.hand_over(intake.keep)
    answers = AnswerSender(
        AnswerStream(redis),
        client,
        signs,
        outcomes=UnknownOutcomes(redis),
        lease=lease,
        background=background,
        albums=albums,
        counts=counts,
        book=book,
        redrawer=redrawer,
    )
    notices = Notices(redis, client, settings.admin_ids)
    refusals = Refusals(redis, client, background)
    # The registry waits for its Redis, in threads.
    registry_redis = connect_blocking(settings)
    registry = Registry(registry_redis)
    alarms = Alarms(redis, queue, notices, registry=registry, book=book)
    retrainings = Retrainings(redis, client)
    admin = Admin(settings.admin_ids, queue, retrainings)

    rewriter = AofRewriter(redis)
    always: list[asyncio.Task[None]] = []

    async def begin(_application: Modista) -> None:
        outage = Outage("Waiting for Redis")
        await outage.outlast(lambda: check_async(redis), fatal=(AuthenticationError,))
        await lease.take()
        always.append(background.start(lease.keep(), "lease"))
        unfinished = await intake.restore(client)
        if unfinished:
            log.info("Taking up %d updates of the last run.", unfinished)
        for name, work in (
            ("day counts", counts.run()),
            ("notices", notices.run()),
            ("alarms", alarms.run()),
            ("refusals", refusals.run()),
            ("retrainings", retrainings.run()),
            ("rewriting Redis's file", rewriter.run()),
        ):
            always.append(background.start(work, name))
        answers.start()

    async def end(_application: Modista) -> None:
        for task in always:
            task.cancel()
        cancelled = asyncio.gather(*always, return_exceptions=True)
        await asyncio.gather(cancelled, answers.stop(), signs.stop(), presses.stop())
        await counts.write()  # the last: what the others sent is counted

    async def close(_application: Modista) -> None:
        with suppress(RedisError):
            await lease.give_back()
        await redis.aclose()
        registry_redis.close()

    application: Modista = (
        ApplicationBuilder()
        .bot(client)
        .update_queue(intake)
        .concurrent_updates(ChatByChat(intake, albums.settle))
        .post_init(begin)
        .post_stop(end)
        .post_shutdown(close)
        .build()
    )
    application.add_handlers(
        [
            # First: a press without data reaches the first handler of buttons, and is told there
            # that it is of no use any more.
            *Corrections(book, redrawer, settings.admin_ids, counts).handlers(),
            *Photos(queue, signs=signs, albums=albums, counts=counts).handlers(),
            *Classes().handlers(),
            *Help(settings.admin_ids).handlers(),
            *Account(rewriter, queue, book, redrawer).handlers(),
            *admin.handlers(),
            *Stats(counts, admin).handlers(),
            *Models(registry, queue, admin).handlers(),
            *Candidates(registry, admin).handlers(),
            *Retrain(retrainings, admin, registry, book).handlers(),
            *groups.handlers(),
            *fallback.handlers(),
        ]
    )
    application.add_handlers(notices.handlers(), group=-1)
    application.add_error_handler(errors.report)
    application.bot_data.update({BACKGROUND: background, LEASE: lease})
    return application


async def run(settings: BotSettings) -> None:
    """Serve until SIGINT or SIGTERM; SystemExit with a sentence if a setting is refused."""
    serving = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)  # a second one ends the program at once
        if serving:
            serving.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    died = False
    with suppress(asyncio.CancelledError):
        application = build(settings)
        background = application.bot_data[BACKGROUND]
        async with watched(settings, application), running(application, settings):
            await background.died()
            died = True
    if died:
        crash()


@asynccontextmanager
async def running(application: Modista, settings: BotSettings) -> AsyncIterator[Modista]:
    """Run the bot for as long as the context lasts. Redis and Telegram may come up later."""
    webhook = None
    if settings.webhook_url:
        background = application.bot_data[BACKGROUND]
        webhook = Webhook(settings, application.bot, application.update_queue, background)
    try:
        await _start(application, webhook)
        publishing = command_menu.publish(application.bot, settings.admin_ids)
        menus = application.bot_data[BACKGROUND].start(publishing, "menus", finite=True)
        try:
            yield application
        finally:
            menus.cancel()
    finally:
        await _stop(application, webhook)


async def _start(application: Modista, webhook: Webhook | None) -> None:
    await _meet_telegram(application)
    try:
        await _call(application.post_init, application)
    except AuthenticationError as error:
        raise SystemExit(f"REDIS_URL is wrong: Redis says {error}. See .env.example.") from None
    except UnsuitableServerError as error:
        raise SystemExit(str(error)) from None
    await application.start()
    if webhook:
        await webhook.start(ALLOWED_UPDATES)
    elif application.updater:
        polling = Outage("Polling Telegram")
        await application.updater.start_polling(
            timeout=POLL_SECONDS,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=polling.failed,
        )
    application.bot_data[BACKGROUND].watch_library(application.bot.id, polled=not webhook)
    log.info("@%s is ready.", application.bot.username)


async def _meet_telegram(application: Modista) -> None:
    outage = Outage("Waiting for Telegram")
    for attempt in count():
        try:
            await application.initialize()
        except InvalidToken:
            raise SystemExit(
                "TELEGRAM_TOKEN is wrong: Telegram does not accept it. See .env.example."
            ) from None
        except TelegramError as error:
            await outage.wait(error, attempt)
        else:
            outage.over()
            return


async def _stop(application: Modista, webhook: Webhook | None) -> None:
    """End within five seconds. What is cut off here is taken up again at the next start."""
    # The updater polls once more to confirm what it got. If Telegram is away, that is a traceback
    # about nothing: the intake knows what was handled.
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
    asyncio.get_running_loop().set_exception_handler(_unless_cut_off)
    application.bot_data[BACKGROUND].end()
    if webhook:
        await webhook.stop()
    if application.updater and application.updater.running:
        await _at_most(application.updater.stop())
    ending = [_at_most(_call(application.post_stop, application))]
    if application.running:
        ending.append(_at_most(application.stop()))
    await asyncio.gather(*ending)
    await application.shutdown()
    await _call(application.post_shutdown, application)
    log.info("Stopped.")


def _unless_cut_off(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report what no task of ours awaited, but for the library's last poll, cut off at the end."""
    if not isinstance(context.get("exception"), NetworkError):
        loop.default_exception_handler(context)


async def _at_most(awaitable: Awaitable[None]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(awaitable, STOP_SECONDS)


async def _call(callback: Callback | None, application: Modista) -> None:
    if callback:
        await callback(application)
