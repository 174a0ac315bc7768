"""The manifests in deploy/kubernetes: valid, tight, and complete."""

import ipaddress
from pathlib import Path

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from bot.settings import BotSettings
from tests.deploy.manifests import (
    FOLDER,
    OBJECTS,
    PROGRAMS,
    WORKLOADS,
    Found,
    container,
    documents,
    environment,
    known_settings,
    named,
    of_kind,
)

KUBERNETES = ("1.34", "1.37")  # the oldest and the newest whose schemas we have
KEDA = "keda.sh/v1alpha1"


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
