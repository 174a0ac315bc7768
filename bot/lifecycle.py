"""The bot's life: it waits for Telegram and Redis, serves, and ends within five seconds."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.exceptions import AuthenticationError
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.app import Modista, build
from bot.background import BACKGROUND
from bot.health import watched
from bot.i18n import command_menu
from bot.settings import BotSettings
from bot.transport.outage import Outage
from bot.transport.updates import ALLOWED_UPDATES
from bot.transport.webhook import Webhook
from model.common.redis_tools.server_check import UnsuitableServerError
from model.common.shutdown import crash

log = logging.getLogger(__name__)

# Seconds that Telegram may take with a poll that finds nothing.
POLL_SECONDS = 20
# Seconds for each of the two steps of stopping.
STOP_SECONDS = 1.5


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
        async with watched(settings, application), running(application, settings):
            await application.bot_data[BACKGROUND].died()
            died = True
    if died:
        crash()


@asynccontextmanager
async def running(application: Modista, settings: BotSettings) -> AsyncIterator[Modista]:
    """Run the bot for as long as the context lasts. Redis and Telegram may come up later."""
    background = application.bot_data[BACKGROUND]
    webhook = None
    if settings.webhook_url:
        intake: Any = application.update_queue
        webhook = Webhook(settings, application.bot, intake, background)
    try:
        await _start(application, webhook)
        publishing = command_menu.publish(application.bot, settings.admin_ids)
        menus = background.start(publishing, "menus", finite=True)
        try:
            yield application
        finally:
            menus.cancel()
    finally:
        await _stop(application, webhook)


async def _start(application: Modista, webhook: Webhook | None) -> None:
    outage = Outage("Waiting for Telegram")
    try:
        await outage.outlast(
            application.initialize, passing=(TelegramError,), fatal=(InvalidToken,)
        )
        await _call(application.post_init, application)
    except InvalidToken:
        raise SystemExit(
            "TELEGRAM_TOKEN is wrong: Telegram does not accept it. See .env.example."
        ) from None
    except AuthenticationError as error:
        raise SystemExit(f"REDIS_URL is wrong: Redis says {error}. See .env.example.") from None
    except UnsuitableServerError as error:
        raise SystemExit(str(error)) from None
    await application.start()
    if webhook:
        await webhook.start()
    elif application.updater:
        await application.updater.start_polling(
            timeout=POLL_SECONDS,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=Outage("Polling Telegram").failed,
        )
    application.bot_data[BACKGROUND].watch_library(application.bot.id, polled=not webhook)
    log.info("@%s is ready.", application.bot.username)


async def _stop(application: Modista, webhook: Webhook | None) -> None:
    """End within five seconds. What is cut off here is taken up again at the next start."""
    # The updater polls once more to confirm what it got. If Telegram is away, that is a traceback
    # about nothing: the intake knows what was handled.
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
    asyncio.get_running_loop().set_exception_handler(_unless_cut_off)
    intake: Any = application.update_queue
    intake.close()
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


async def _call(
    callback: Callable[[Modista], Coroutine[Any, Any, None]] | None, application: Modista
) -> None:
    if callback:
        await callback(application)
