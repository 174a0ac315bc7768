"""The bot's settings: those that all programs share, and its own."""

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from model.common.queue.limits import ANSWERS_MEGABYTES, Limits
from model.common.settings import Settings

# As @BotFather gives it out: the bot's number, a colon, the secret.
TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]+")
# What Telegram takes as a webhook's secret, and long enough that nobody guesses it.
SECRET_FORM = re.compile(r"[A-Za-z0-9_-]{32,256}")
# Telegram's ids of people; a group's begins with a hyphen.
USER_ID = re.compile(r"[0-9]{1,16}")
# An address that an HTTP request may contain as it is.
PLAIN_FORM = re.compile(r"[!-$&-~]+")
# What the queue takes if nothing is set.
USUAL = Limits()
# Names of this machine: what is sent to them stays here.
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def _parts(value: str) -> SplitResult | None:
    """The parts of an address of a server, without ? and #; None for anything else."""
    try:
        address = urlsplit(value)
        whole = address.hostname and address.port != 0
    except ValueError:
        return None
    extra = address.query or address.fragment
    return address if whole and not extra and PLAIN_FORM.fullmatch(value) else None


def _formed(value: SecretStr) -> SecretStr:
    if not TOKEN_FORM.fullmatch(value.get_secret_value()):
        raise ValueError("it must be digits, a colon and a secret, as @BotFather gave it")
    return value


Token = Annotated[SecretStr, AfterValidator(_formed)]


class BotSettings(Settings):
    """Everything that `python -m bot` reads from the environment or `.env`."""

    telegram_token: Token
    telegram_api_url: str = "https://api.telegram.org"
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    webhook_url: str = ""  # empty: updates are polled
    webhook_secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8080, ge=1, le=65_535)
    queue_photos: int = Field(default=USUAL.photos, ge=1)
    queue_megabytes: int = Field(default=USUAL.megabytes, ge=1)
    photos_per_minute: int = Field(default=USUAL.per_minute, ge=0)  # 0: no limit
    photos_waiting: int = Field(default=USUAL.waiting, ge=0)  # 0: no limit
    queue_seconds: int = Field(default=USUAL.seconds, ge=0)  # 0: no limit
    answers_megabytes: int = Field(default=ANSWERS_MEGABYTES, ge=1)

    @property
    def limits(self) -> Limits:
        """How much the queue takes."""
        return Limits(
            photos=self.queue_photos,
            megabytes=self.queue_megabytes,
            per_minute=self.photos_per_minute,
            waiting=self.photos_waiting,
            seconds=self.queue_seconds,
        )

    @field_validator("telegram_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        address = _parts(value)
        if address is None or address.scheme not in ("http", "https"):
            raise ValueError("it must be an address such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if not all(map(USER_ID.fullmatch, ids)):
            raise ValueError("it must be user ids with commas between, such as 1001,1002")
        return frozenset(map(int, ids))

    @field_validator("webhook_url")
    @classmethod
    def _posted_to(cls, value: str) -> str:
        if not value:
            return value
        address = _parts(value)
        # A Bot API server on this machine may post in plain HTTP; Telegram's own never does.
        local = address is not None and address.hostname in LOCAL
        schemes = ("http", "https") if local else ("https",)
        if address is None or address.scheme not in schemes or address.username or address.password:
            raise ValueError(
                "it must be an address such as https://bot.example.org/telegram, without ? and #"
            )
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _unguessable(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        wanted = secret or info.data.get("webhook_url")
        if wanted and not SECRET_FORM.fullmatch(secret):
            raise ValueError(
                "with WEBHOOK_URL it must be 32 to 256 characters of A-Z, a-z, 0-9, _ and -, such "
                "as `openssl rand -hex 32` prints"
            )
        return value
