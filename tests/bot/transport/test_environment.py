"""Whatever the environment says of HTTP works, or ends in a sentence that names the variable."""

from pathlib import Path

import pytest

from bot.settings import BotSettings
from bot.transport.client import connect
from bot.transport.environment import proxy_for, ssl_context

TELEGRAM = "https://api.telegram.org"
PROXY = "http://proxy.example.org:3128"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies and no certificates of this machine."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("no_proxy", ["fd07::/64", "[::1]", "[fd07::]/64,::1", "10.0.0.0/8", "/,:"])
def test_any_no_proxy_is_taken(monkeypatch: pytest.MonkeyPatch, no_proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert proxy_for(TELEGRAM) == PROXY
    connect(BotSettings(_env_file=None, telegram_token="1:secret"))  # type: ignore[call-arg, arg-type]


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("*", TELEGRAM),
        ("telegram.org", TELEGRAM),
        ("localhost, .telegram.org", TELEGRAM),
        ("10.0.0.0/8", "https://10.1.2.3:8081"),
        ("fd07::/64", "https://[fd07::5]"),
    ],
)
def test_what_no_proxy_names_is_reached_directly(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, url: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert proxy_for(url) is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY", "https_proxy"])
@pytest.mark.parametrize(
    "proxy", ["nonsense://:secret@x", "http://", "http://[", "http://x:secret"]
)
def test_a_proxy_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, proxy: str
) -> None:
    monkeypatch.setenv(name, proxy)
    with pytest.raises(SystemExit, match=rf"^{name} is wrong: .*{PROXY}") as caught:
        proxy_for(TELEGRAM)
    assert "secret" not in str(caught.value)


def test_a_proxy_without_a_scheme_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "proxy.example.org:3128")
    assert proxy_for(TELEGRAM) == PROXY


def test_certificates_that_cannot_be_read_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match=r"^SSL_CERT_DIR is wrong"):
        ssl_context(trust_env=True)
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    for file in (tmp_path / "none.pem", broken, tmp_path):
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with pytest.raises(SystemExit, match=r"^SSL_CERT_FILE or SSL_CERT_DIR is wrong"):
            ssl_context(trust_env=True)
    ssl_context(trust_env=False)
