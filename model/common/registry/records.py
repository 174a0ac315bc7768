"""The registry's records in Redis: entries and refusals. One that cannot be read is left out.

Entries and promotions are sealed, so that nobody without DATA_KEY can make a worker load a model:
an entry holds the hashes of its files.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, TypeVar

from model.common.queue import keys
from model.common.redis_tools.connection import Client, SealingPipeline
from model.common.redis_tools.keyring import Keyring
from model.common.redis_tools.serialization import Serializable
from model.common.registry import files
from model.common.registry.entry import ModelEntry, ModelRefusal, shipped

S = TypeVar("S", bound=Serializable)
logger = logging.getLogger(__name__)
LATEST = 32_503_680_000.0  # Unix seconds, the year 3000


def sealed(keyring: Keyring, entry: ModelEntry) -> Any:
    """An entry for Redis."""
    return keyring.seal_record(entry, keys.MODELS + entry.version)


def entry(keyring: Keyring, version: str, text: bytes) -> ModelEntry | None:
    """An entry of Redis, which is never the one that ships."""
    found = read(ModelEntry, lambda: keyring.open(text, keys.MODELS + version))
    return replace(found, shipped=False) if found else None


def read(kind: type[S], text: Callable[[], bytes]) -> S | None:
    """A record; None if it is something else or not sealed, which is logged."""
    try:
        return kind.from_json(text())
    except ValueError as error:
        _warn(str(error))
        return None


@lru_cache(maxsize=100)
def _warn(problem: str) -> None:
    """Once for each problem: workers look every second."""
    logger.warning("the registry passes over an entry: %s", problem)


def entries(client: Client | SealingPipeline) -> dict[str, ModelEntry]:
    """The published versions. What cannot be read, and what the shipped one hides, is left out."""
    return visible(readable(client))


def visible(there: Mapping[str, ModelEntry]) -> dict[str, ModelEntry]:
    """All of these but one of the shipped version's name."""
    return {name: each for name, each in there.items() if name != shipped().version}


def readable(client: Client | SealingPipeline) -> dict[str, ModelEntry]:
    """The published versions, also one that the shipped one hides since an update."""
    texts: Any = client.hgetall(keys.MODELS)
    found = (
        entry(client.keyring, version.decode(errors="replace"), text)
        for version, text in texts.items()
    )
    return {each.version: each for each in found if each}


def refused(client: Client | SealingPipeline) -> dict[str, ModelRefusal]:
    """The versions that a worker could not serve."""
    texts: Any = client.hgetall(keys.MODELS_REFUSED)
    found = {
        version.decode(errors="replace"): read(ModelRefusal, partial(bytes, text))
        for version, text in texts.items()
    }
    return {version: refusal for version, refusal in found.items() if refusal}


def aside(client: Client | SealingPipeline) -> dict[str, float]:
    """Until when each version is kept that was set aside, Unix seconds; 0 if it cannot be read."""
    until: dict[str, float] = {}
    found: Any = client.hgetall(keys.MODELS_ASIDE)
    for version, text in found.items():
        name = version.decode(errors="replace")
        try:
            found_until = float(text)
        except ValueError:
            found_until = 0.0
        # Not a number is not in between, and a time that no calendar has could not be shown.
        until[name] = found_until if 0 < found_until < LATEST else 0.0
    return until


def drop(pipe: SealingPipeline, versions: Collection[str], there: Mapping[str, ModelEntry]) -> None:
    """Delete all that there is of these versions; `there` is what is `readable` with them.

    Files that others refer to stay.
    """
    if not versions:
        return
    for key in (
        keys.MODELS,
        *files.OF_EARLIER_RELEASES.values(),
        keys.MODELS_REFUSED,
        keys.MODELS_ASIDE,
    ):
        pipe.hdel(key, *versions)
    dropped = files.referred(each for name, each in there.items() if name in versions)
    if unused := dropped - files.referred(
        each for name, each in there.items() if name not in versions
    ):
        pipe.hdel(keys.MODELS_FILES, *unused)
