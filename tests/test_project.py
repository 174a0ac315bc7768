"""The project's own promises: what its files say about pins, containers and walls."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from model.common.health import OFFSETS, Health, Process, served
from model.common.settings import Settings
from tests.helpers.endpoints import free_port

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_dependency_is_pinned_with_hashes_and_without_addresses(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pins = re.findall(r"^[a-z0-9][^\s]*==", text, re.MULTILINE | re.IGNORECASE)

    assert len(pins) > 5
    assert "://" not in text
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_bots_pins_bring_no_tensorflow() -> None:
    text = (ROOT / "requirements" / "bot.txt").read_text("utf-8")

    assert "python-telegram-bot==" in text
    assert not re.search(r"^(tensorflow|keras|matplotlib|numpy)", text, re.MULTILINE)


def test_the_bots_pins_bring_what_its_http_client_looks_for_in_every_request() -> None:
    text = (ROOT / "requirements" / "bot.txt").read_text("utf-8")

    assert re.search(r"^sniffio==", text, re.MULTILINE)


def test_redis_is_not_reachable_from_outside_and_has_a_password(compose: dict[str, Any]) -> None:
    redis = compose["services"]["redis"]

    assert "ports" not in redis
    assert "users.acl" in redis["command"][-1] and "appendonly yes" in redis["command"][-1]
    assert redis["healthcheck"]["test"]
    assert redis["volumes"]


@pytest.mark.parametrize(
    ("name", "image"), [("bot", "bot"), ("worker", "worker"), ("trainer", "trainer")]
)
def test_programs_wait_for_redis_and_may_do_little(
    compose: dict[str, Any], name: str, image: str
) -> None:
    service = compose["services"][name]

    assert service["build"]["target"] == image
    assert service["depends_on"]["redis"]["condition"] == "service_healthy"
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    # A fixed name would stop `--scale`.
    assert "container_name" not in service and "ports" not in service


def test_all_programs_share_the_key(compose: dict[str, Any]) -> None:
    for name in ("bot", "worker", "trainer"):
        assert compose["services"][name]["environment"]["DATA_KEY"].startswith("${DATA_KEY:?")


@pytest.mark.parametrize("name", OFFSETS)
def test_a_container_is_healthy_while_its_program_is_ready(
    compose: dict[str, Any], name: Process
) -> None:
    service = compose["services"][name]
    kind, _, *arguments = service["healthcheck"]["test"]
    port = service["environment"]["HEALTH_PORT"] + OFFSETS[name]
    assert kind == "CMD" and arguments[-1] == f"http://127.0.0.1:{port}/readyz"

    def healthy(port: int) -> bool:
        command = [sys.executable, *arguments[:-1], f"http://127.0.0.1:{port}/readyz"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    base = free_port()
    signs, settings = Health(model="is being loaded"), Settings(health_port=base)
    with served(signs, settings, name):
        assert not healthy(base + OFFSETS[name])
        signs.note("model")
        assert healthy(base + OFFSETS[name])
    assert not healthy(base + OFFSETS[name])


def test_images_run_as_an_ordinary_user_and_the_bots_stays_light() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    stages = dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM|\Z)", text, re.S | re.M))

    assert stages.keys() == {"base", "bot", "worker", "trainer"}
    for stage in ("bot", "worker", "trainer"):
        assert "USER modista" in stages[stage]
        assert f"requirements/{stage}.txt" in stages[stage]
    copied = re.findall(r"^COPY (.*)$", stages["bot"], re.MULTILINE)
    assert [line for line in copied if "weights" in line] == ["model/weights/*.json model/weights/"]
    assert not [line for line in copied if re.match(r"(\.|model/?) ", line)]


def test_the_image_of_the_bot_holds_every_room_that_it_imports() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    copied = set(re.findall(r"^COPY model/(\w+) model/\w+$", text, re.MULTILINE))
    imported: set[str] = set()
    for folder in (ROOT / "bot", *(ROOT / "model" / room for room in copied)):
        for file in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("model."):
                    imported.add(str(node.module).split(".")[1])

    assert imported == copied == {"common"}
