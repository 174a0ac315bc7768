"""The settings that both sides share, from the environment or `.env`, checked at start."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

# The folders of photos in DATASETS_DIR.
CLOTHING_PHOTOS = "clothing-photos"
MORE_CLOTHING_PHOTOS = "clothing-photos-more"
THINGS = "things"
BAGS = "bags"
# A Unix socket's path may have some 107 bytes; beyond that the kernel refuses it.
LONGEST_SOCKET_PATH = 107
DATABASE = re.compile(r"/[0-9]{1,9}/?")
# Characters of a key that seals what lies in Redis.
SHORTEST_KEY = 32
# What may follow the ? in REDIS_URL, and what begins with ssl_. The rest is ours to choose: with
# other types of replies, say, the programs would fail at every call.
OPTIONS = frozenset(
    {"db", "username", "password", "client_name"}
    | {"socket_keepalive", "socket_timeout", "socket_connect_timeout"}
)
SHORTEST_TIMEOUT = 2.0  # seconds: a read waits for one that something comes
# Options of REDIS_URL that name files or folders.
FILES_OF_TLS = frozenset({"ssl_ca_certs", "ssl_ca_path", "ssl_certfile", "ssl_keyfile"})


class Settings(BaseSettings):
    """Settings that all programs share. `bot.settings` adds those of the bot."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    redis_url: str = ""
    data_dir: Path = Path("data")
    datasets_dir: Path | None = None
    # CORRECTIONS_KEY is its name of before.
    data_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("data_key", "corrections_key")
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
    ] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(str.lower)] = "text"
    # The bot's port; the worker's and the trainer's are the next two. 0: none listens.
    health_port: int = Field(default=0, ge=0, le=65_533)
    health_host: str = "127.0.0.1"

    @model_validator(mode="before")
    @classmethod
    def _stripped(cls, values: Any) -> Any:
        """Without the white space that a copied line or a file's end brings; empty is not set."""
        stripped = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()
        }
        return {name: value for name, value in stripped.items() if value or value != ""}

    @field_validator("data_dir", "datasets_dir")
    @classmethod
    def _at_home(cls, value: Path | None) -> Path | None:
        try:
            return value.expanduser() if value else value
        except RuntimeError:
            raise ValueError("the home folder that its ~ means is not known") from None

    @field_validator("redis_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it must start with redis://, rediss:// or unix://")
        if value.startswith("unix://"):
            _check_options(value)
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
        _check_place(address)
        _check_options(value)
        return value

    @field_validator("data_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value:
            check_keys(_keys(value))
        return value

    @property
    def data_keys(self) -> list[str]:
        """The keys in DATA_KEY: the first one seals, all open."""
        return _keys(self.data_key)

    @property
    def clothing_photos(self) -> Path | None:
        """The folder of the clothing photos among the data sets; it may not exist."""
        return self.datasets_dir / CLOTHING_PHOTOS if self.datasets_dir else None

    @property
    def things(self) -> Path | None:
        """The folder of the photos of things that are no garment; it may not exist."""
        return self.datasets_dir / THINGS if self.datasets_dir else None

    @property
    def bags(self) -> Path | None:
        """The folder of the photos of bags; it may not exist."""
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


def _keys(value: SecretStr) -> list[str]:
    text = value.get_secret_value()
    return [key.strip() for key in text.split(",")] if text else []


def check_keys(keys: Sequence[str]) -> None:
    """Raise ValueError unless each is long enough to seal with."""
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ValueError(
            f"it must be a text of {SHORTEST_KEY} characters or more, such as `openssl rand -hex "
            "32` prints, or several such keys with commas between"
        )


def _check_place(address: SplitResult) -> None:
    """Raise ValueError for a host that nobody can look up, or a database that is no number."""
    try:
        (address.hostname or "").encode("idna")
    except UnicodeError:
        raise ValueError(f"{address.hostname} is no name of a host") from None
    if address.path.strip("/") and not DATABASE.fullmatch(address.path):
        raise ValueError("what follows the host must be a database's number, such as /0")


def _check_options(url: str) -> None:
    """Raise ValueError where redis-py, or we, would not take what follows the ? in the address."""
    if "?" not in url:
        return
    import redis.asyncio  # noqa: PLC0415 - nearly no address has options

    names = parse_qs(urlsplit(url).query, keep_blank_values=True).keys()
    options = ", ".join(names) or "?"
    if ours := [each for each in names if not (each in OPTIONS or each.startswith("ssl_"))]:
        raise ValueError(f"these options are not to be chosen: {', '.join(ours)}")
    for client in (redis.Redis, redis.asyncio.Redis):
        try:
            client.from_url(url).connection_pool.make_connection()
        except Exception:  # TypeError for an unknown one, ValueError, redis-py's own
            raise ValueError(
                f"Redis's client does not take the options in it ({options}); those that begin "
                "with ssl_ are for rediss:// alone"
            ) from None
    for name, values in parse_qs(urlsplit(url).query).items():
        if name == "socket_timeout" and not float(values[0]) >= SHORTEST_TIMEOUT:
            raise ValueError(f"socket_timeout must be {SHORTEST_TIMEOUT:.0f} seconds or more")
        if name in FILES_OF_TLS and not Path(values[0]).exists():
            raise ValueError(f"there is no file {values[0]}, which {name} names")


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
