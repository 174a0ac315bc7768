"""The history of promotions and rollbacks: what serves, and what a rollback goes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from model.common.queue import keys
from model.common.redis_tools.connection import Client, SealingPipeline
from model.common.registry import records
from model.common.registry.entry import ModelEntry, ModelRefusal, Promotion, shipped

KEPT = 5  # the newest versions, kept in addition to the current and the previous ones
REMEMBERED = 100  # promotions and rollbacks, the newest
# Versions that the gate refused: for how many seconds they are kept, how many, of how many bytes.
ASIDE_SECONDS = 7 * 24 * 3600.0
MOST_ASIDE = 3
MOST_ASIDE_BYTES = 100_000_000


def promotions(client: Client | SealingPipeline, count: int = 0) -> list[Promotion]:
    """Promotions and rollbacks, the newest first; `count` 0 means all."""
    texts: Any = client.lrange(keys.MODEL_HISTORY, 0, count - 1)
    opened = (partial(client.keyring.open, text, keys.MODEL_HISTORY) for text in texts)
    found = [promotion for each in opened if (promotion := records.read(Promotion, each))]
    if count and len(found) < len(texts):
        return promotions(client)[:count]  # what somebody put before it does not hide it
    return [replace(each, version=each.version or shipped().version) for each in found]


def current(client: Client | SealingPipeline) -> str:
    """The version that should serve."""
    newest = promotions(client, 1)
    return newest[0].version if newest else shipped().version


def switch(pipe: SealingPipeline, promotion: Promotion) -> None:
    """Make it the newest entry of the history.

    The shipped model is stored without a name: a later release ships another, which then serves.
    """
    if promotion.version == shipped().version:
        promotion = replace(promotion, version="")
    pipe.lpush(keys.MODEL_HISTORY, pipe.keyring.seal_record(promotion, keys.MODEL_HISTORY))
    pipe.ltrim(keys.MODEL_HISTORY, 0, REMEMBERED - 1)
    pipe.hdel(keys.MODELS_REFUSED, promotion.version or shipped().version)


def newest_first(entries: Iterable[ModelEntry]) -> list[ModelEntry]:
    """Entries by the time they were published."""
    return sorted(entries, key=lambda entry: entry.published_at, reverse=True)


def kept(
    versions: dict[str, ModelEntry],
    past: Sequence[Promotion],
    aside: Mapping[str, float],
    now: float,
) -> set[str]:
    """Which versions stay: the newest, what serves, what a rollback would go to, some set aside.

    `aside` has until when those are kept that were set aside, in Unix seconds as `now` is.
    """
    entries = newest_first(versions.values())
    newest = [entry.version for entry in entries if entry.version not in aside][:KEPT]
    serves = [past[0].version] if past else []
    waiting = [entry for entry in entries if aside.get(entry.version, now) > now][:MOST_ASIDE]
    fitting, size = [], 0
    for entry in waiting:
        size += entry.size + entry.compiled_size
        if size <= MOST_ASIDE_BYTES or entry is waiting[0]:
            fitting.append(entry.version)
    return {*newest, *serves, *before(versions, past, {})[:KEPT], *fitting}


def before(
    versions: dict[str, ModelEntry], past: Sequence[Promotion], refused: dict[str, ModelRefusal]
) -> list[str]:
    """The versions under the current one, the nearest first, the shipped one at the end.

    A promotion puts a version on top; a rollback removes those above the one it went to.
    """
    stack = [shipped().version]
    for promotion in reversed(past):
        while promotion.rollback and stack[1:] and stack[-1] != promotion.version:
            stack.pop()
        if stack[-1] != promotion.version:
            stack.append(promotion.version)
    there = versions.keys() | {shipped().version}
    return [
        version
        for version in dict.fromkeys(reversed(stack))
        if version != stack[-1] and version in there and version not in refused
    ]
