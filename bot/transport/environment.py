"""HTTP settings from the environment: the proxy on the way to Telegram, and the certificates.

Read here because httpx fails with a traceback on values that other programs accept, such as an IPv6
network in NO_PROXY.
"""

import os
import ssl
from contextlib import suppress
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from telegram.request import HTTPXRequest

# What may keep a TLS context from being made; the first two also name what is trusted.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "OPENSSL_CONF")


def ssl_context(*, trust_env: bool) -> ssl.SSLContext:
    """The certificates to trust. SystemExit names the variable whose do not serve."""
    folder = os.environ.get("SSL_CERT_DIR")
    if trust_env and folder and not os.environ.get("SSL_CERT_FILE") and not Path(folder).is_dir():
        raise SystemExit(f"SSL_CERT_DIR is wrong: there is no folder {folder}.")
    try:
        return httpx.create_ssl_context(trust_env=trust_env)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        named = " or ".join(name for name in CERTIFICATES if os.environ.get(name))
        raise SystemExit(f"{named or 'The TLS library'} is wrong: {error}.") from None


def proxy_for(url: str) -> str | None:
    """The proxy on the way to `url`, or None. SystemExit names the variable that is wrong."""
    address = urlsplit(url)
    proxies = getproxies()
    scheme = next((each for each in (address.scheme, "all") if proxies.get(each)), None)
    host = address.hostname or ""
    if scheme is None or proxy_bypass(host) or _in_a_network(host, proxies.get("no", "")):
        return None
    proxy = proxies[scheme] if "://" in proxies[scheme] else f"http://{proxies[scheme]}"
    try:
        if not urlsplit(proxy).hostname:
            raise ValueError("it names no host")
        HTTPXRequest(proxy=proxy)
    except Exception as error:
        name = f"{scheme}_proxy"
        name = name.upper() if name.upper() in os.environ else name
        # The error of an address may quote it, and with it a password.
        raise SystemExit(
            f"{name} is wrong: it is no address of a proxy that can be used, such as "
            f"http://proxy.example.org:3128 ({type(error).__name__})."
        ) from None
    return proxy


def _in_a_network(host: str, no_proxy: str) -> bool:
    """Whether `host` is an address in one of NO_PROXY's networks, such as 10.0.0.0/8."""
    with suppress(ValueError):
        address = ip_address(host)
        for entry in no_proxy.split(","):
            with suppress(ValueError):
                if address in ip_network(entry.strip().strip("[]"), strict=False):
                    return True
    return False
