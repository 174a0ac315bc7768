"""The manifests in deploy/: valid, tight, and in sync with the code and with compose."""

import ipaddress
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from bot.settings import BotSettings
from model.common.health import OFFSETS, Process
from model.common.queue import keys

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "deploy" / "kubernetes"
FILES = sorted(FOLDER.rglob("*.yaml"))
KUBERNETES = ("1.34", "1.37")  # the oldest and the newest whose schemas we have
KEDA = "keda.sh/v1alpha1"
PROGRAMS = ("bot", "worker", "trainer")
Found = dict[str, Any]


def documents(file: Path) -> list[Found]:
    return list(yaml.safe_load_all(file.read_text("utf-8")))


OBJECTS = [each for file in FILES if file.name != "kustomization.yaml" for each in documents(file)]
COMPOSE: Found = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]


def of_kind(kind: str) -> list[Found]:
    return [each for each in OBJECTS if each["kind"] == kind]


def named(kind: str, name: str) -> Found:
    [found] = [each for each in of_kind(kind) if each["metadata"]["name"] == name]
    return found


WORKLOADS = [*of_kind("Deployment"), *of_kind("StatefulSet")]


def pod(name: str) -> Found:
    [found] = [each for each in WORKLOADS if each["metadata"]["name"] == name]
    spec: Found = found["spec"]["template"]["spec"]
    return spec


def container(name: str) -> Found:
    [found] = pod(name)["containers"]
    return dict(found)


def environment(name: str) -> set[str]:
    """The names of all settings that a program gets."""
    found = container(name)
    names = {each["name"] for each in found["env"]}
    for source in found.get("envFrom", []):
        names |= named("ConfigMap", source["configMapRef"]["name"])["data"].keys()
    return names


def known_settings() -> set[str]:
    text = (ROOT / ".env.example").read_text("utf-8")
    return set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize(
    "manifest",
    [each for each in OBJECTS if each["apiVersion"] != KEDA],
    ids=lambda each: f"{each['kind']}-{each['metadata']['name']}",
)
def test_kubernetes_takes_it(manifest: Found, version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_a_manifest_with_a_misspelt_field_is_not_taken() -> None:
    broken = yaml.safe_load(yaml.safe_dump(named("Deployment", "worker")))
    broken["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, KUBERNETES[-1], strict=True)


@pytest.mark.parametrize("folder", [FOLDER, FOLDER / "keda"], ids=["all", "keda"])
def test_every_file_is_applied_but_for_the_example(folder: Path) -> None:
    [listed] = documents(folder / "kustomization.yaml")

    there = {file.name for file in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(listed["resources"]) == there - {"secret.example.yaml"}
    assert listed["namespace"] == named("Namespace", "modista")["metadata"]["name"]
    images = {each["name"] for each in listed.get("images", [])}
    assert images == (
        {"modista-bot", "modista-worker", "modista-trainer"} if folder == FOLDER else set()
    )


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])
def test_a_pod_may_do_little(workload: Found) -> None:
    spec = workload["spec"]["template"]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for each in spec["containers"]:
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert each["resources"]["limits"]["memory"] and each["resources"]["requests"]["cpu"]
        assert {"name": "tmp", "mountPath": "/tmp"} in each["volumeMounts"]


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])
def test_what_is_mounted_and_chosen_by_labels_is_there(workload: Found) -> None:
    spec, template = workload["spec"], workload["spec"]["template"]
    assert spec["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    volumes = {each["name"] for each in template["spec"]["volumes"]}
    volumes |= {each["metadata"]["name"] for each in spec.get("volumeClaimTemplates", [])}
    mounted = {each["name"] for each in template["spec"]["containers"][0]["volumeMounts"]}
    assert mounted == volumes
    for volume in template["spec"]["volumes"]:
        if claim := volume.get("persistentVolumeClaim"):
            named("PersistentVolumeClaim", claim["claimName"])


@pytest.mark.parametrize("name", [*PROGRAMS, "redis"])
def test_secrets_are_in_the_example_and_nowhere_else(name: str) -> None:
    example = named("Secret", "modista")["stringData"]
    for each in container(name)["env"]:
        if source := each.get("valueFrom"):
            assert source["secretKeyRef"]["name"] == "modista"
            assert source["secretKeyRef"]["key"] == each["name"]
            assert each["name"] in example
    assert not example.keys() & named("ConfigMap", "settings")["data"].keys()


def test_every_setting_is_known_and_its_value_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROGRAMS:
        assert environment(name) <= known_settings()
    for name, value in named("ConfigMap", "settings")["data"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:for-a-test")

    settings = BotSettings(_env_file=None)  # type: ignore[call-arg]

    assert settings.log_format == "json" and settings.health_host == "0.0.0.0"


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


def test_there_is_one_bot_and_any_number_of_workers() -> None:
    bot = named("Deployment", "bot")["spec"]
    assert bot["replicas"] == 1 and bot["strategy"] == {"type": "Recreate"}
    # An apply must not undo what KEDA or a person chose.
    assert "replicas" not in named("Deployment", "worker")["spec"]
    budget = named("PodDisruptionBudget", "worker")["spec"]
    worker = named("Deployment", "worker")["spec"]
    assert budget["selector"] == worker["selector"]


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "169.254.170.2", "fd00:ec2::254"),  # Amazon's
        *("fd20:ce::254", "168.63.129.16", "100.100.100.200"),  # Google's, Azure's, Alibaba's
    ],
)
def test_no_program_reaches_what_gives_out_a_clouds_credentials(address: str) -> None:
    [rule] = named("NetworkPolicy", "outside")["spec"]["egress"]
    for block in (each["ipBlock"] for each in rule["to"]):
        hidden = [ipaddress.ip_network(each) for each in block["except"]]
        found = ipaddress.ip_address(address)
        if found in ipaddress.ip_network(block["cidr"]):
            assert any(found in each for each in hidden)


def test_nobody_is_reached_but_by_whom_it_concerns() -> None:
    nobody = named("NetworkPolicy", "nobody")["spec"]
    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    [ingress] = named("NetworkPolicy", "redis")["spec"]["ingress"]
    programs, keda = ingress["from"]
    [chosen] = programs["podSelector"]["matchExpressions"]
    assert set(chosen["values"]) == set(PROGRAMS)
    assert keda["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "keda"}
    ports = {each["name"] for name in PROGRAMS for each in container(name)["ports"]}
    for policy in of_kind("NetworkPolicy"):
        for rule in policy["spec"].get("ingress", []):
            for each in rule["ports"]:
                assert each["port"] in ports | {6379}


class TestKeda:
    """KEDA's own schema is not at hand offline: what its documentation asks for, in short."""

    scaled = named("ScaledObject", "worker")
    # Of the trigger redis-streams; pendingEntriesCount and lagCount would be other measures.
    needed = frozenset({"address", "stream", "streamLength"})
    allowed = needed | {"databaseIndex", "enableTLS"}

    def test_it_scales_the_workers_within_bounds(self) -> None:
        assert set(self.scaled) == {"apiVersion", "kind", "metadata", "spec"}
        spec = self.scaled["spec"]
        assert spec["scaleTargetRef"] == {"name": named("Deployment", "worker")["metadata"]["name"]}
        # A stream's length cannot wake a worker where there is none.
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"]

    def test_it_looks_at_the_queues_two_streams(self) -> None:
        triggers = self.scaled["spec"]["triggers"]
        assert [each["metadata"]["stream"] for each in triggers] == [keys.PHOTOS, keys.WAITING]
        for trigger in triggers:
            assert set(trigger) == {"type", "metadata", "authenticationRef"}
            assert trigger["type"] == "redis-streams"
            assert self.needed <= trigger["metadata"].keys() <= self.allowed
            # KEDA wants strings, and reads the numbers in them.
            assert all(isinstance(value, str) for value in trigger["metadata"].values())
            assert int(trigger["metadata"]["streamLength"]) > 0

    def test_it_reaches_our_redis_with_our_password(self) -> None:
        service, namespace = named("Service", "redis"), named("Namespace", "modista")
        host = f"{service['metadata']['name']}.{namespace['metadata']['name']}.svc.cluster.local"
        [port] = service["spec"]["ports"]
        for trigger in self.scaled["spec"]["triggers"]:
            assert trigger["metadata"]["address"] == f"{host}:{port['port']}"
            reference = named("TriggerAuthentication", trigger["authenticationRef"]["name"])
            assert reference["spec"] == {
                "secretTargetRef": [
                    {"parameter": "password", "name": "modista", "key": "REDIS_PASSWORD"}
                ]
            }
