"""Free ports, and what processes show on theirs."""

import json
import secrets
import socket
import urllib.error
import urllib.request

from prometheus_client import REGISTRY


def free_port() -> int:
    """A port that nobody uses now, with two free ones after it.

    It is below those that systems give to outgoing connections: none of these takes it before its
    server does. Its choice does not depend on seeds, which tests that run at the same time share.
    """
    while True:
        port = 10_000 + 3 * secrets.randbelow(7_000)
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            try:
                for offset, each in enumerate((one, two, three)):
                    each.bind(("127.0.0.1", port + offset))
            except OSError:
                continue
        return port


def get(port: int, path: str) -> tuple[int, str]:
    """The status and the body; (0, "") while nobody listens."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
            return int(response.status), response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def ready(port: int) -> tuple[int, dict[str, str]]:
    """The status and the states of /readyz."""
    status, body = get(port, "/readyz")
    return status, json.loads(body) if body else {}


def sample(name: str, **labels: str) -> float:
    """A metric's value in this process; 0 if it has none yet."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
