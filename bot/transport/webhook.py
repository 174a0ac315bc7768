"""Updates that Telegram posts to WEBHOOK_URL, instead of being asked for them.

A server of our own, because python-telegram-bot's compares the secret character by character and
logs whole posts. Posts that are not Telegram's are refused before their bodies are read.
"""

import asyncio
import hmac
import json
import logging
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler, stream_request_body

from bot.background import Background
from bot.settings import BotSettings
from bot.transport.intake import Intake
from bot.transport.outage import Outage
from bot.transport.updates import ALLOWED_UPDATES, UnreadableError, read

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
MOST_BYTES = 1024 * 1024  # of a post; Telegram's have some kilobytes
MOST_HEADER_BYTES = 16 * 1024
# Posts that Telegram may make at the same time, and with them updates of a chat out of order.
MOST_CONNECTIONS = 20
# Seconds that a post may take to arrive, and to be kept in Redis. Telegram waits for longer.
BODY_SECONDS = 10.0
KEEP_SECONDS = 10.0
IDLE_SECONDS = 75.0
# Seconds between two looks whether Telegram still posts to us, and two lines about refused posts.
LOOK_EVERY = 60.0
TELL_EVERY = 60.0


class Webhook:
    """Accepts posts: an update is in Redis before Telegram gets 200."""

    def __init__(
        self,
        settings: BotSettings,
        bot: Bot,
        intake: Intake,
        background: Background,
    ) -> None:
        self._background = background
        self._settings = settings
        self._bot = bot
        self._intake = intake
        self._path = urlsplit(settings.webhook_url).path or "/"
        self._secret = settings.webhook_secret.get_secret_value().encode()
        self._server = HTTPServer(
            # Refused posts have a line of their own; the others are in the log as updates.
            Application([(".*", _Post, {"webhook": self})], log_function=lambda _: None),
            max_body_size=MOST_BYTES,
            max_header_size=MOST_HEADER_BYTES,
            body_timeout=BODY_SECONDS,
            idle_connection_timeout=IDLE_SECONDS,
        )
        self._refused = 0
        self._told_at = -TELL_EVERY
        self._problem: str | None = None

    async def start(self) -> None:
        """Listen, then have Telegram post here. Raises SystemExit if a setting is refused."""
        host, port = self._settings.webhook_host, self._settings.webhook_port
        try:
            self._server.listen(port, address=host)
        except OSError as error:
            raise SystemExit(
                f"The bot cannot listen on {host}, port {port} ({error.strerror}): set "
                "WEBHOOK_HOST and WEBHOOK_PORT to an address that is free. See .env.example."
            ) from None
        try:
            await Outage("Setting the webhook").outlast(
                self._set, passing=(TelegramError,), fatal=(BadRequest,)
            )
        except BadRequest as error:
            raise SystemExit(
                f"WEBHOOK_URL is wrong: Telegram says {error}. See .env.example."
            ) from None
        self._background.start(self._watch(), "webhook")

    async def stop(self) -> None:
        """Take no more posts. Telegram keeps its updates for the next start; the webhook stays."""
        self._server.stop()
        # A post that was not answered yet comes again, and is recognised.
        await self._server.close_all_connections()

    def refusal(self, request: HTTPServerRequest) -> HTTPStatus | None:
        """The status that refuses a post by its head; None for one of Telegram's."""
        secret = request.headers.get(SECRET_HEADER, "").encode()
        # In constant time: how long it takes says nothing of how much of a guess is right.
        known = hmac.compare_digest(secret, self._secret)
        content_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if request.path != self._path:
            status = HTTPStatus.NOT_FOUND
        elif request.method != "POST":
            status = HTTPStatus.METHOD_NOT_ALLOWED
        elif not known:
            status = HTTPStatus.FORBIDDEN
        elif content_type != "application/json":
            status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        else:
            return None
        self._note_refused(status)
        return status

    async def take(self, body: bytes) -> HTTPStatus:
        """Keep the update of a post that is Telegram's; the status to answer with."""
        try:
            update = read(json.loads(body), self._bot)
        except (ValueError, RecursionError) as error:
            if isinstance(error, UnreadableError) and error.update_id is not None:
                # As when polling: refused, it would come again and again, before all others.
                log.warning("Update %d is skipped: %s.", error.update_id, error)
                return HTTPStatus.OK
            self._note_refused(HTTPStatus.BAD_REQUEST)
            return HTTPStatus.BAD_REQUEST
        try:
            async with asyncio.timeout(KEEP_SECONDS):
                await self._intake.keep([update])
        except (NetworkError, TimeoutError):
            # Redis is away, or there is no room: Telegram keeps the update, and comes again.
            return HTTPStatus.SERVICE_UNAVAILABLE
        # Telegram's update is in Redis. A crash before it hears so has it post the update again,
        # and the intake recognises it.
        return HTTPStatus.OK

    def _note_refused(self, status: HTTPStatus) -> None:
        """Log it now and then: a stranger who finds the port must not be able to fill the log."""
        self._refused += 1
        if time.monotonic() - self._told_at < TELL_EVERY:
            return
        log.warning(
            "Posts that are not Telegram's were refused: %d since the last such line (now: %d %s).",
            self._refused,
            status,
            status.phrase,
        )
        self._refused, self._told_at = 0, time.monotonic()

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._settings.webhook_url,
            secret_token=self._settings.webhook_secret.get_secret_value(),
            max_connections=MOST_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
        )

    async def _watch(self) -> None:
        """Set the webhook again if somebody removed it, such as a second bot that polls."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            # Telegram is away, or does not know the method: the next look tells.
            with suppress(TelegramError):
                found = await self._bot.get_webhook_info()
                if found.url != self._settings.webhook_url:
                    log.warning("The webhook was changed elsewhere: does a second bot run?")
                    await self._set()
                self._note_problem(found.last_error_message if found.pending_update_count else None)

    def _note_problem(self, problem: str | None) -> None:
        if problem and problem != self._problem:
            log.warning("Telegram cannot post to WEBHOOK_URL: %s", problem)
        self._problem = problem


@stream_request_body
class _Post(RequestHandler):
    """One request. Its body comes in pieces, after `prepare` let it in."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._body = bytearray()

    def set_default_headers(self) -> None:
        for name in ("Server", "Content-Type"):
            self.clear_header(name)

    def prepare(self) -> None:
        if refused := self._webhook.refusal(self.request):
            self._end(refused)

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk

    async def post(self) -> None:
        self._end(await self._webhook.take(bytes(self._body)))

    def write_error(self, status_code: int, **_: Any) -> None:
        self._end(HTTPStatus(status_code))

    def _end(self, status: HTTPStatus) -> None:
        self.set_status(status)
        if status != HTTPStatus.OK:
            self.set_header("Connection", "close")
        self.finish()
