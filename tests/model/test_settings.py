"""The settings that both sides share."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from redis.connection import parse_url

from model.settings import Settings, explain


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
    [("REDIS_URL", "localhost"), ("LOG_LEVEL", "LOUD"), ("CORRECTIONS_KEY", "short" + 99 * " ")],
)
def test_a_wrong_value_is_named_but_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError) as caught:
        Settings()

    assert explain(caught.value).startswith(f"{name} is wrong: ")
    assert value not in explain(caught.value)
