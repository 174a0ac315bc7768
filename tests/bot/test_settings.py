from itertools import pairwise
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from bot.launcher import processes
from bot.launcher.processes import RunSettings
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.telegram import ADMIN
from bot.sandbox.telegram import TOKEN as SANDBOX_TOKEN
from bot.settings import BotSettings
from model.common.queue.limits import Limits
from model.common.settings import Settings, explain

TOKEN = "123456:secret-Part_1"
SANDBOX = ["sandbox", "sandbox-bot"]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting from the developer's own environment or .env."""
    for name in names(BotSettings) | names(SandboxSettings):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))


def read() -> BotSettings:
    return BotSettings(**{})


def names(settings: type[BaseSettings]) -> set[str]:
    return {name.upper() for name in settings.model_fields}


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    monkeypatch.setenv("ADMIN_IDS", "1001, 1002,")
    settings = read()
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.admin_ids == {1001, 1002}


def test_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    settings = read()
    assert settings.limits == Limits()
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.admin_ids == frozenset()


def test_the_limits_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    numbers = {"QUEUE_PHOTOS": 5, "QUEUE_MEGABYTES": 6, "PHOTOS_PER_MINUTE": 0, "PHOTOS_WAITING": 7}
    numbers |= {"QUEUE_SECONDS": 8, "ANSWERS_MEGABYTES": 9}
    for name, number in numbers.items():
        monkeypatch.setenv(name, str(number))
    assert read().limits == Limits(photos=5, megabytes=6, per_minute=0, waiting=7, seconds=8)
    assert read().answers_megabytes == 9


def test_a_missing_token_is_named_in_one_line() -> None:
    with pytest.raises(ValidationError) as caught:
        read()
    text = explain(caught.value)
    assert "TELEGRAM_TOKEN is missing" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "no-colon-but-secret"),
        ("TELEGRAM_TOKEN", "123456:"),
        ("TELEGRAM_TOKEN", "123456:secret\nhidden"),
        ("TELEGRAM_API_URL", "127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "ftp://127.0.0.1"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("TELEGRAM_API_URL", "http://:8081"),
        ("TELEGRAM_API_URL", "http://host:99999"),
        ("TELEGRAM_API_URL", "http://ho st"),
        ("TELEGRAM_API_URL", "http://host/?key=1"),
        ("TELEGRAM_API_URL", "http://host/#top"),
        ("ADMIN_IDS", "1001;1002"),
        ("ADMIN_IDS", "@somebody"),
        ("ADMIN_IDS", "-1001234"),
        ("ADMIN_IDS", "1_001"),
        ("ADMIN_IDS", 20 * "9"),
        ("LOG_LEVEL", "LOUD"),
        ("REDIS_URL", "localhost:6379"),
        ("QUEUE_PHOTOS", "0"),
        ("QUEUE_MEGABYTES", "-7"),
        ("PHOTOS_PER_MINUTE", "-7"),
        ("PHOTOS_WAITING", "many"),
        ("DATA_KEY", "only 31 characters of a secret!"),
        ("WEBHOOK_URL", "bot.example.com/telegram"),
        ("WEBHOOK_URL", "http://bot.example.org/telegram"),
        ("WEBHOOK_URL", "https:///telegram"),
        ("WEBHOOK_URL", "https://user:password@bot.example.org/"),
        ("WEBHOOK_URL", "https://bot.example.org/telegram?a=b"),
        ("WEBHOOK_URL", "https://bot.example.org/tele gram"),
        ("WEBHOOK_URL", "https://bot.example.org/tele%67ram"),
        ("WEBHOOK_URL", "https://bot.example.org:99999/"),
        ("WEBHOOK_SECRET", "only-31-characters-of-a-secret-"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("WEBHOOK_SECRET", "a secret of spaces is not taken by Telegram"),
        ("WEBHOOK_PORT", "70000"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        read()
    text = explain(caught.value)
    assert text.startswith(f"{name} is wrong")
    assert "\n" not in text
    assert value not in text


@pytest.mark.parametrize(
    "url",
    [
        *("https://bot.example.org", "https://bot.example.org:8443/telegram/updates"),
        *("http://127.0.0.1:8080/telegram", "http://localhost/"),
    ],
)
def test_a_webhook_has_an_address_and_a_secret(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("WEBHOOK_URL", url)
    with pytest.raises(ValidationError) as caught:
        read()
    assert explain(caught.value).startswith("WEBHOOK_SECRET is wrong: with WEBHOOK_URL it must be")
    monkeypatch.setenv("WEBHOOK_SECRET", "0123456789abcdefABCDEF_-" * 2)
    settings = read()
    assert settings.webhook_url == url
    assert (settings.webhook_host, settings.webhook_port) == ("127.0.0.1", 8080)


def test_the_example_names_every_setting_and_explains_it(request: pytest.FixtureRequest) -> None:
    example = request.config.rootpath / ".env.example"
    # docker-compose.yml reads the passwords; the programs get theirs within REDIS_URL.
    users = {f"{name}REDIS_PASSWORD" for name in ("", "BOT_", "WORKER_", "TRAINER_")}
    ours = names(BotSettings) | names(SandboxSettings) | users
    assert set(dotenv_values(example)) == ours
    lines = example.read_text().splitlines()
    for before, line in pairwise(lines):
        if line and not line.startswith("#"):
            assert before.startswith("# "), f"{line} has no line of explanation"


def test_the_example_as_it_is_changes_no_default(request: pytest.FixtureRequest) -> None:
    values = dotenv_values(request.config.rootpath / ".env.example")
    assert not any(values.values())


class TestProcesses:
    def test_without_a_token_the_sandbox_is_started(self) -> None:
        assert processes.processes(RunSettings()) == ["redis", "worker", "trainer", *SANDBOX]

    def test_with_a_token_the_real_telegram_is_served(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
        assert processes.processes(RunSettings()) == ["redis", "worker", "trainer", "bot"]

    def test_somebodys_own_redis_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/0")
        assert processes.processes(RunSettings()) == ["worker", "trainer", *SANDBOX]

    def test_the_procfile_has_every_process(
        self, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
    ) -> None:
        text = (request.config.rootpath / "Procfile").read_text()
        there = [line.partition(":")[0] for line in text.splitlines()]
        assert there == ["redis", "worker", "trainer", "bot", *SANDBOX]

    def test_the_procfile_gives_the_sandboxs_bot_its_token(
        self, request: pytest.FixtureRequest
    ) -> None:
        line = (request.config.rootpath / "Procfile").read_text().splitlines()[-1]
        assert f"TELEGRAM_TOKEN={SANDBOX_TOKEN} " in line
        assert f"ADMIN_IDS={ADMIN.id} " in line

    def test_a_wrong_setting_ends_in_one_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ADMIN_IDS", "me")
        with pytest.raises(SystemExit, match=r"^ADMIN_IDS is wrong: [^\n]*$"):
            processes.main()

    def test_the_sandbox_posts_nowhere_else(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.org/")
        monkeypatch.setenv("WEBHOOK_SECRET", "x" * 32)
        with pytest.raises(SystemExit, match=r"^WEBHOOK_URL is set, but not TELEGRAM_TOKEN"):
            processes.main()

    def test_they_are_started_by_the_procfiles_lines(self) -> None:
        commands = processes.commands(RunSettings())
        assert list(commands) == ["redis", "worker", "trainer", *SANDBOX]
        assert commands["worker"].endswith("python -m model worker")


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("redis://h?ssl_cert_reqs=none", "ssl_cert_reqs"),
        ("rediss://h?ssl_cert_reqs=perhaps", "ssl_cert_reqs"),
        ("redis://:secret@h?nonsense=1", "nonsense"),
        ("redis://h?socket_timeout=soon", "socket_timeout"),
        ("redis://h?socket_timeout=1", "socket_timeout"),
        ("redis://h?decode_responses=true", "decode_responses"),
        ("redis://h?protocol=3", "protocol"),
        ("unix:///s?max_connections=0", "max_connections"),
        ("redis://a..b", "a..b"),
        ("redis://h/one", "number"),
        ("unix:///redis.sock?nonsense=1", "nonsense"),
        ("rediss://h?ssl_ca_certs=/none.pem", "/none.pem"),
    ],
)
def test_an_option_that_redis_does_not_take_is_named(url: str, named: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None, redis_url=url)  # type: ignore[call-arg]
    sentence = explain(caught.value)
    assert sentence.startswith("REDIS_URL is wrong: ")
    assert named in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize(
    "url", ["rediss://h?ssl_cert_reqs=none", "redis://h/1?socket_timeout=3", "unix:///s?db=2"]
)
def test_an_option_that_redis_takes_is_kept(url: str) -> None:
    assert Settings(_env_file=None, redis_url=url).redis_url == url  # type: ignore[call-arg]


def test_white_space_around_settings_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", " 1:secret\n")
    monkeypatch.setenv("LOG_LEVEL", "debug ")
    monkeypatch.setenv("ADMIN_IDS", "\t1, 2\n")
    monkeypatch.setenv("QUEUE_PHOTOS", " ")
    settings = BotSettings(_env_file=None)  # type: ignore[call-arg]
    assert settings.telegram_token.get_secret_value() == "1:secret"
    assert settings.log_level == "DEBUG"
    assert settings.admin_ids == {1, 2}
    assert settings.queue_photos == 1000


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = Settings(_env_file=None, data_dir="~/x", datasets_dir="~")  # type: ignore[call-arg, arg-type]
    assert (settings.data_dir, settings.datasets_dir) == (tmp_path / "x", tmp_path)
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None, data_dir="~nobody-of-this-name/x")  # type: ignore[call-arg, arg-type]
    assert explain(caught.value).startswith("DATA_DIR is wrong: the home folder")
