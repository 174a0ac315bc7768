"""The settings that both sides share, from the environment or `.env`, checked at start."""

from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# The folders of photos in DATASETS_DIR.
CLOTHING_PHOTOS = "clothing-photos"
MORE_CLOTHING_PHOTOS = "clothing-photos-more"
THINGS = "things"
BAGS = "bags"
# A Unix socket's path may have some 107 bytes; beyond that the kernel refuses it.
LONGEST_SOCKET_PATH = 107
# Characters of the key that seals corrections.
SHORTEST_KEY = 32


class Settings(BaseSettings):
    """Where things are. `bot.settings` adds what only the bot needs."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    redis_url: str = ""
    data_dir: Path = Path("data")
    datasets_dir: Path | None = None
    corrections_key: SecretStr = SecretStr("")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO")
    log_format: Literal["text", "json"] = "text"
    # The bot's port; the worker's and the trainer's are the next two. 0: none listens.
    health_port: int = Field(default=0, ge=0, le=65_533)
    health_host: str = "127.0.0.1"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("log_format", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("redis_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it must start with redis://, rediss:// or unix://")
        if value.startswith("unix://"):
            return value
        # Else what follows the host's first / ? or # would be tried as a host and a port, and
        # the errors of doing so would show parts of the password.
        try:
            address = urlsplit(value)
            cut_off = "@" in value and "@" not in address.netloc
            _ = address.port
        except ValueError:
            cut_off = True
        if cut_off:
            raise ValueError(
                "it is no address such as redis://:password@host:6379/0; in the password, / ? # @ "
                "and % are written %2F %3F %23 %40 and %25"
            )
        return value

    @field_validator("corrections_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value and len(value.get_secret_value().strip()) < SHORTEST_KEY:
            raise ValueError(
                f"it must be a text of {SHORTEST_KEY} characters or more, such as "
                "`openssl rand -hex 32` prints"
            )
        return value

    @property
    def clothing_photos(self) -> Path | None:
        """Where the clothing photos lie, or would lie, among the data sets."""
        return self.datasets_dir / CLOTHING_PHOTOS if self.datasets_dir else None

    @property
    def things(self) -> Path | None:
        """Where the photos of things that are no garment lie, or would lie."""
        return self.datasets_dir / THINGS if self.datasets_dir else None

    @property
    def bags(self) -> Path | None:
        """Where the photos of bags lie, or would lie."""
        return self.datasets_dir / BAGS if self.datasets_dir else None

    @property
    def embedded_redis(self) -> bool:
        """Whether Redis is the one that `make run` starts, not somebody's own server."""
        return not self.redis_url

    @property
    def redis_socket(self) -> Path:
        """The Unix socket of the embedded Redis."""
        return self.data_dir.resolve() / "redis.sock"

    @property
    def redis_address(self) -> str:
        """The URL to connect to: `REDIS_URL`, or the embedded server's socket."""
        return self.redis_url or f"unix://{quote(str(self.redis_socket))}"


def explain(error: ValidationError) -> str:
    """One line that names each setting that is wrong, for a person to read."""
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
        if problem["type"] == "missing":
            lines.append(f"{name} is missing: set it in the environment or in .env.")
        else:
            # The value itself stays out: it may be a secret.
            reason = str(problem["msg"]).removeprefix("Value error, ")
            lines.append(f"{name} is wrong: {reason}.")
    return " ".join(lines) + " See .env.example."


def leave(error: ValidationError) -> NoReturn:
    """End the program with the settings' problem in one line."""
    raise SystemExit(explain(error))
