"""What the tests of health and metrics ask, and whom."""

import json
import socket
import urllib.error
import urllib.request

from prometheus_client import REGISTRY


def free_port() -> int:
    """A port that nobody uses now, with two free ones after it."""
    while True:
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            if port > 65_000:
                continue
            try:
                two.bind(("127.0.0.1", port + 1))
                three.bind(("127.0.0.1", port + 2))
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
    """A metric's value in this process; 0 where it has none yet."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
