"""The settings that both sides share."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from redis.connection import parse_url

from model.common.settings import Settings, explain


@pytest.mark.parametrize("name", ["data", "with space", "50% off #1?"])
def test_the_embedded_redis_is_found_wherever_its_folder_is(tmp_path: Path, name: str) -> None:
    settings = Settings(data_dir=tmp_path / name)

    parts = parse_url(settings.redis_address)  # type: ignore[no-untyped-call]
    assert parts["path"] == str(tmp_path / name / "redis.sock")


def test_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("LOG_LEVEL", "debug")

    settings = Settings()

    assert settings.embedded_redis
    assert settings.log_level == "DEBUG"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "localhost"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("HEALTH_PORT", "65534"),
        ("HEALTH_PORT", "nine thousand"),
        ("DATA_KEY", "short" + 99 * " "),
    ],
)
def test_a_wrong_value_is_named_but_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError) as caught:
        Settings()

    assert explain(caught.value).startswith(f"{name} is wrong: ")
    assert value not in explain(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        *("redis://:se/cret@host:6379/0", "redis://:se?cret@host", "redis://:se#cret@host"),
        *("redis://:12/34@host:6379", "rediss://[secret", "redis://host:secret/0"),
    ],
)
def test_a_password_that_cuts_the_address_off_is_refused_before_anybody_sees_it(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("REDIS_URL", value)

    with pytest.raises(ValidationError) as caught:
        Settings()

    text = explain(caught.value)
    assert text.startswith("REDIS_URL is wrong: ") and "%2F" in text
    assert "cret" not in text and "34@" not in text


@pytest.mark.parametrize(
    "value",
    [
        *("redis://host", "redis://:p%40ss%2Fw@host:6379/0", "rediss://user:pass@[::1]:6380/2"),
        *("redis://:p@ss@host:6379", "unix://:pass@/run/with@/redis.sock?db=1"),
        "redis://host:6379/0?password=a%40b",
    ],
)
def test_a_whole_address_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("REDIS_URL", value)

    assert Settings().redis_address == value


def test_health_is_shown_to_this_machine_alone_and_only_where_it_is_asked_for() -> None:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]

    assert settings.health_port == 0
    assert settings.health_host == "127.0.0.1"
    assert settings.log_format == "text"
