"""The bot's settings: those that both sides share, and what only the bot needs."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from model.settings import Settings

# As @BotFather gives it out: the bot's number, a colon, the secret.
TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]+")


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

    @field_validator("telegram_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        address = urlsplit(value)
        if address.scheme not in ("http", "https") or not address.netloc:
            raise ValueError("it must be an address such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return frozenset(int(part) for part in value.split(",") if part.strip())
        except ValueError:
            raise ValueError("it must be user ids with commas between, such as 1001,1002") from None


class SandboxSettings(BaseSettings):
    """What the sandbox reads from the environment or `.env`."""

    model_config = Settings.model_config

    sandbox_port: int = Field(default=8081, ge=0, le=65_535)
