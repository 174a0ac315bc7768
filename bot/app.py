"""The bot, put together: settings → Application → handlers → run."""

import logging
from contextlib import suppress
from typing import Any

from redis.exceptions import AuthenticationError, RedisError
from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.background import BACKGROUND, LEASE, Background
from bot.handlers import account, corrections, errors, fallback, groups, models, photos, retrain
from bot.handlers.account import Account
from bot.handlers.admin import Admin
from bot.handlers.candidates import Candidates
from bot.handlers.classes import Classes
from bot.handlers.corrections import Corrections
from bot.handlers.help import Help
from bot.handlers.models import Models
from bot.handlers.photos import ABOUT_A_PHOTO, HAS_PHOTO, IMAGE_FILE, Photos
from bot.handlers.retrain import Retrain
from bot.handlers.stats import Stats
from bot.replies.addressing import ADDRESSED, NEW, OWN, command, pressed
from bot.replies.admin_notices import Notices
from bot.replies.alarms import Alarms
from bot.replies.albums.mentions import Albums
from bot.replies.answers import AnswerSender
from bot.replies.chat_actions import Signs
from bot.replies.corrected_answers import Redrawer
from bot.replies.day_counts import DayCounts
from bot.replies.fair_share import FairShare
from bot.replies.refusal_notices import Refusals
from bot.retraining import candidate_buttons
from bot.retraining.tracker import Retrainings
from bot.settings import BotSettings
from bot.transport.chat_by_chat import ChatByChat
from bot.transport.client import connect
from bot.transport.delivery import UnknownOutcomes
from bot.transport.intake import Intake
from bot.transport.lease import Lease
from bot.transport.outage import Outage
from model.common.corrections.aof_rewrite import AofRewriter
from model.common.corrections.book import CorrectionBook
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.photo_queue import PhotoQueue
from model.common.redis_tools.connection import connect as connect_blocking
from model.common.redis_tools.connection import connect_async
from model.common.redis_tools.server_check import check_async
from model.common.registry.registry import Registry

log = logging.getLogger(__name__)

Modista = Application[Any, Any, Any, Any, Any, Any]


def build(settings: BotSettings) -> Modista:
    """Put the bot together. Nothing is connected yet: see `bot.lifecycle.running`."""
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
    refusals = Refusals(redis, client, background)
    intake = Intake(
        redis,
        FairShare(
            settings.limits, is_photo=HAS_PHOTO.filter, flooded=client.flooded, counts=counts
        ),
        refusals.stop_clock,
    )
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
    # The registry waits for its Redis, in threads.
    registry_redis = connect_blocking(settings)
    registry = Registry(registry_redis)
    alarms = Alarms(redis, queue, notices, registry=registry, book=book)
    retrainings = Retrainings(redis, client)
    rewriter = AofRewriter(redis)

    async def begin(_application: Modista) -> None:
        await Outage("Waiting for Redis").outlast(
            lambda: check_async(redis), fatal=(AuthenticationError,)
        )
        await lease.take()
        background.start(lease.keep(), "lease")
        if unfinished := await intake.restore(client):
            log.info("Taking up %d updates of the last run.", unfinished)
        for name, work in (
            ("day counts", counts.run()),
            ("notices", notices.run()),
            ("alarms", alarms.run()),
            ("refusals", refusals.run()),
            ("retrainings", retrainings.run()),
            ("rewriting Redis's file", rewriter.run()),
            ("answers", answers.run()),
        ):
            background.start(work, name)

    async def end(_application: Modista) -> None:
        signs.stop()
        await answers.stop()
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
    corrected = Corrections(book, redrawer, settings.admin_ids, counts)
    queued = Photos(queue, signs, albums, counts)
    helps = Help(settings.admin_ids)
    personal = Account(rewriter, queue, book, redrawer)
    admin = Admin(settings.admin_ids, queue, retrainings)
    served = Models(registry, queue)
    retraining = Retrain(retrainings, settings.admin_ids, registry, book)
    application.add_handlers(
        [
            # First: a press without data reaches the first handler of buttons, and is told there
            # that it is of no use any more.
            pressed(corrections.BUTTONS, corrected.press),
            pressed(corrections.DETAILS, corrected.turn_details),
            CommandHandler("undo", corrected.undo, OWN),
            command("details", corrected.details),
            MessageHandler(
                NEW & (ADDRESSED | albums) & (filters.PHOTO | IMAGE_FILE), queued.receive
            ),
            CommandHandler("what", queued.what, OWN),
            MessageHandler(NEW & ADDRESSED & photos.QUESTION & ABOUT_A_PHOTO, queued.what),
            CallbackQueryHandler(queued.sample, photos.SAMPLE),
            command("classes", Classes().show),
            command("start", helps.start),
            command("help", helps.help),
            command("privacy", personal.privacy),
            command("forget", personal.forget),
            pressed(account.DECISION, personal.decide),
            pressed(account.DETAILS, personal.details),
            pressed(account.ANSWER, personal.answer),
            command("status", admin.only(admin.status)),
            command("stats", admin.only(Stats(counts).stats)),
            command("model", served.model),
            command("models", admin.only(served.models)),
            command("rollback", admin.only(served.rollback)),
            pressed(models.PREFIX, admin.only_pressing(served.press)),
            pressed(candidate_buttons.PREFIX, admin.only_pressing(Candidates(registry).press)),
            command("retrain", admin.only(retraining.retrain)),
            command("cancel", admin.only(retraining.cancel)),
            pressed(retrain.PREFIX, admin.only_pressing(retraining.press)),
            ChatMemberHandler(groups.greet, ChatMemberHandler.MY_CHAT_MEMBER),
            *fallback.handlers(),
        ]
    )
    # In a group of its own: the update is for others, too.
    application.add_handler(TypeHandler(Update, notices.listen), group=-1)
    application.add_error_handler(errors.report)
    application.bot_data.update({BACKGROUND: background, LEASE: lease})
    return application
