"""Downloads that give up soon."""

import pytest

from bot.transport import downloads, rate_limiter


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried once more."""
    monkeypatch.setattr(downloads, "ATTEMPTS", 2)
    monkeypatch.setattr(rate_limiter, "ATTEMPTS", 1)
