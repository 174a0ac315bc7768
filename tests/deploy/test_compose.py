"""Compose and Kubernetes run the same programs, with the same settings and limits."""

import re
import subprocess
import sys

import pytest
import yaml

from model.common.health import OFFSETS, Process
from tests.deploy.manifests import (
    COMPOSE,
    PROGRAMS,
    ROOT,
    container,
    environment,
    named,
    pod,
)


@pytest.mark.parametrize("name", PROGRAMS)
def test_compose_and_kubernetes_set_the_same(name: str) -> None:
    # The bot's settings are no secrets, and lie where all programs see them.
    password = f"{name.upper()}_REDIS_PASSWORD"
    shared = named("ConfigMap", "settings")["data"].keys() | {password}
    composed = set(COMPOSE[name]["environment"])

    assert composed <= environment(name)
    assert environment(name) - shared <= composed
    assert shared - {password} <= COMPOSE["bot"]["environment"].keys()


@pytest.mark.parametrize("name", OFFSETS)
def test_compose_and_kubernetes_run_the_same(name: Process) -> None:
    found, composed = container(name), COMPOSE[name]

    assert found["image"] == f"modista-{composed['build']['target']}"
    assert found.get("command") == composed.get("command")
    assert f"{pod(name)['terminationGracePeriodSeconds']}s" == composed["stop_grace_period"]
    port = int(named("ConfigMap", "settings")["data"]["HEALTH_PORT"]) + OFFSETS[name]
    assert {"name": "health", "containerPort": port} in found["ports"]
    assert found["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "health"}
    assert found["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "health"}
    [url] = [each["value"] for each in found["env"] if each["name"] == "REDIS_URL"]
    password = f"{name.upper()}_REDIS_PASSWORD"
    assert url == f"redis://{name}:$({password})@redis:6379/0"
    assert composed["environment"]["REDIS_URL"] == f"redis://{name}:${{{password}:-}}@redis:6379/0"


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_command_is_one_that_there_is(name: str) -> None:
    stages = dict(
        re.findall(
            r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM|\Z)",
            (ROOT / "Dockerfile").read_text("utf-8"),
            re.DOTALL | re.MULTILINE,
        )
    )
    found = container(name)
    usual = re.search(r"^CMD (.*)$", stages[found["image"].removeprefix("modista-")], re.MULTILINE)
    assert usual
    _, _, module, *command = found.get("command") or yaml.safe_load(usual[1])
    assert (ROOT / module / "__main__.py").is_file()
    if command:
        helped = [sys.executable, "-m", module, *command, "--help"]
        assert subprocess.run(helped, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_redis_is_the_same_as_composes() -> None:
    found, composed = container("redis"), COMPOSE["redis"]

    assert found["image"] == composed["image"]
    script = composed["command"][-1].replace("$$", "$")
    assert found["command"] == [*composed["command"][:-1], script]
    [claim] = named("StatefulSet", "redis")["spec"]["volumeClaimTemplates"]
    assert {"name": claim["metadata"]["name"], "mountPath": "/data"} in found["volumeMounts"]


def test_redis_loses_nothing_and_stays_below_its_limit() -> None:
    script = container("redis")["command"][-1]
    for setting in ("appendonly yes", "appendfsync always", "maxmemory-policy noeviction"):
        assert f"{setting}\\n" in script
    megabytes = int(re.findall(r"maxmemory (\d+)mb", script)[0])
    # What a rewriting of the append-only file copies comes on top.
    assert container("redis")["resources"]["limits"]["memory"] == "4Gi"
    assert COMPOSE["redis"]["mem_limit"] == "4g"
    assert megabytes <= 0.7 * 4096


@pytest.mark.parametrize("name", [*PROGRAMS, "redis"])
def test_compose_and_kubernetes_give_the_same_memory(name: str) -> None:
    limit: str = container(name)["resources"]["limits"]["memory"]
    assert COMPOSE[name]["mem_limit"] == limit.lower().removesuffix("i")
