"""A model's entry in the registry; the shipped model as such an entry."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from model.common.redis_tools.serialization import Serializable
from model.common.registry.serving_config import COMPILED, SHIPPED, ServingConfig
from model.common.retraining.messages import Outcome

# A version's name: letters, digits, dots, hyphens and underscores.
VERSION = r"[A-Za-z0-9._-]{1,64}"
# Which of a version's files: the Keras file, or the compiled one.
FileKind = Literal["network", "compiled"]
# What speaks against a version: that the gate refused it, or that nobody ever measured it.
Doubt = Literal["", "refused", "unmeasured"]
# Next to the shipped network and its config: what it learned from, and its measures.
FACTS = SHIPPED.with_name("facts.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile(Serializable):
    """A version's file as it lies in Redis, compressed: its SHA-256, and its size in bytes.

    With a `base`, the SHA-256 of another such file, it holds the difference from that one.
    """

    sha256: str
    size: int
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry(Serializable):
    """One version of the model.

    `network` names the architecture, `config` is the JSON next to the Keras file (see
    `model.common.registry.serving_config`). `trained_on` counts pictures by their source, such as
    {"fashion_mnist": 55000, "photos": 3321, "corrections": 20}. `figures` are fractions of 1:
    "fashion_mnist", "photos" and "corrections" are accuracies, "fashion_mnist_ece" and "photos_ece"
    calibration errors. Times are Unix seconds. `published_at`, and the SHA-256 and size in bytes of
    the Keras file and of the compiled one, are filled in when it is published. Without
    `compiled_sha256` it is of a release that did not compile, and cannot serve before a trainer
    has compiled it. `stored` says how Redis has the files; earlier releases stored them as they
    are, and left it empty. `outcome` is that of the retraining that made it, if one did.
    """

    version: Annotated[str, Field(pattern=f"^{VERSION}$")]
    network: str
    # "card" is the name by which earlier releases wrote it.
    config: Annotated[dict[str, Any], Field(validation_alias=AliasChoices("config", "card"))]
    trained_on: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    created_at: float = 0.0
    published_at: float = 0.0
    sha256: str = ""
    size: int = 0
    compiled_sha256: str = ""
    compiled_size: int = 0
    stored: dict[FileKind, StoredFile] = field(default_factory=dict)
    shipped: bool = False
    outcome: Outcome | None = None

    @property
    def stored_size(self) -> int:
        """Bytes of its files in Redis, without the bases that they refer to."""
        whole: dict[FileKind, int] = {"network": self.size, "compiled": self.compiled_size}
        return sum(
            stored.size if (stored := self.stored.get(kind)) else size
            for kind, size in whole.items()
        )

    @property
    def doubt(self) -> Doubt:
        """What speaks against promoting it without a second word."""
        if self.outcome and self.outcome.verdict == "kept" and self.outcome.reason != "changed":
            return "refused"
        return "" if self.shipped or self.figures else "unmeasured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Serializable):
    """A version's promotion: when, by whom, against which doubt, and whether it was a rollback."""

    version: Annotated[str, Field(pattern=f"^({VERSION})?$")]  # "": the model that ships
    by: str
    at: float
    rollback: bool = False
    doubt: Doubt = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRefusal(Serializable):
    """A worker's refusal of a version: the reason, as an id and in full, and the time."""

    reason: str
    detail: str = ""
    at: float = 0.0


@cache
def shipped() -> ModelEntry:
    """The model that ships, from its files; its bytes stay on disk."""
    config = ServingConfig.next_to(SHIPPED)
    facts: dict[str, Any] = {}
    if FACTS.is_file():
        facts = json.loads(FACTS.read_text(encoding="utf-8"))
    # Facts of another model are worse than none.
    if facts.pop("version", None) != config.version:
        facts = {}
    return ModelEntry(
        version=config.version,
        network=config.network,
        config=config.as_json(),
        size=SHIPPED.stat().st_size if SHIPPED.is_file() else 0,
        compiled_size=COMPILED.stat().st_size if COMPILED.is_file() else 0,
        shipped=True,
        **facts,
    )
