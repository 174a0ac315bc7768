"""The objects of deploy/kubernetes, and compose's services."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
FILES = sorted(FOLDER.rglob("*.yaml"))

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
