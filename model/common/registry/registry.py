"""The models that may serve, in Redis: publish, promote, roll back.

    registry = Registry(connect(url))
    entry = registry.publish(ModelEntry(version="photos-3", …), keras_bytes, compiled_bytes)
    registry.promote(entry.version, by="Ada")   # every worker swaps to it between two batches
    registry.rollback(by="Ada")                 # and back to the one that served before

A version is a Keras file, its compiled form, and the config of both; published, it never changes.
What serves is written in one place, the newest entry of the history; without any it is the model
that ships. That one is always there: its files are next to the code, not in Redis. Every change is
one transaction.

Calls raise redis-py's own errors if Redis is away, and may then be repeated.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, TypeVar

import redis

from model.common.queue import keys, notices
from model.common.queue.notices import Notice
from model.common.redis_tools.connection import Client, SealingPipeline
from model.common.registry import history, records
from model.common.registry.entry import VERSION, ModelEntry, ModelRefusal, Promotion, shipped
from model.common.registry.errors import (
    MOST_BYTES,
    ChangedError,
    DamagedModelError,
    DoubtfulModelError,
    NotAsideError,
    NothingToRollBackError,
    RegistryError,
    ServesError,
    TakenOverError,
    UncompiledModelError,
    UnknownModelError,
    UnpublishableError,
)
from model.common.registry.serving_config import COMPILED, SHIPPED

__all__ = [
    "ChangedError",
    "DamagedModelError",
    "DoubtfulModelError",
    "ModelEntry",
    "ModelRefusal",
    "NotAsideError",
    "NothingToRollBackError",
    "Promotion",
    "Registry",
    "RegistryError",
    "ServesError",
    "TakenOverError",
    "Takeover",
    "UncompiledModelError",
    "UnknownModelError",
    "UnpublishableError",
    "shipped",
]

T = TypeVar("T")
# Times that a change is tried while others change the same.
ATTEMPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """A request to serve a new version: by whom, and in place of which version.

    With a `token`, only while the retraining in the slot is this attempt's.
    """

    by: str
    instead_of: str
    token: str | None


class Registry:
    """The models there are and the one that serves, for workers, trainer, bot and shell."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def publish(
        self,
        entry: ModelEntry,
        network: bytes,
        compiled: bytes,
        *,
        takeover: Takeover | None = None,
    ) -> ModelEntry:
        """Add a version: its Keras file and its compiled one; the entry with what they are.

        It does not serve before it is promoted. Old versions go, see `history.kept`. Raises
        UnpublishableError.

        With a `takeover` it is promoted in the same transaction, or nothing happens: raises
        ChangedError if another version serves by now, TakenOverError if the retraining is
        another attempt's.
        """

        def check(pipe: SealingPipeline) -> None:
            if takeover:
                _check(pipe, takeover)

        def promote(pipe: SealingPipeline, published: ModelEntry) -> None:
            if takeover:
                at = published.published_at
                history.switch(pipe, Promotion(version=entry.version, by=takeover.by, at=at))

        return self._add(entry, network, compiled, check, promote)

    def set_aside(
        self, entry: ModelEntry, network: bytes, compiled: bytes, *, token: str | None
    ) -> ModelEntry:
        """Add a version that is not to serve: it stays a week, unless it is promoted.

        Raises UnpublishableError, and TakenOverError as `publish` does.
        """

        def check(pipe: SealingPipeline) -> None:
            _check_token(pipe, token)

        def note(pipe: SealingPipeline, published: ModelEntry) -> None:
            pipe.hset(
                keys.MODELS_ASIDE,
                entry.version,
                str(published.published_at + history.ASIDE_SECONDS),
            )

        return self._add(entry, network, compiled, check, note, aside=True)

    def _add(
        self,
        entry: ModelEntry,
        network: bytes,
        compiled: bytes,
        check: Callable[[SealingPipeline], None],
        more: Callable[[SealingPipeline, ModelEntry], None],
        *,
        aside: bool = False,
    ) -> ModelEntry:
        """Add it in one transaction: `check` may refuse, `more` adds commands of its own."""
        if not re.fullmatch(VERSION, entry.version):
            raise UnpublishableError(
                "A version has 1 to 64 letters, digits, dots, hyphens and underscores, no others."
            )
        _check_sizes(network, compiled)
        now = time.time()
        published = replace(
            entry,
            created_at=entry.created_at or now,
            published_at=now,
            sha256=sha256(network).hexdigest(),
            size=len(network),
            compiled_sha256=sha256(compiled).hexdigest(),
            compiled_size=len(compiled),
            shipped=False,
        )

        def add(pipe: SealingPipeline) -> None:
            versions = records.entries(pipe)
            if entry.version in versions or entry.version == shipped().version:
                raise UnpublishableError(
                    f"There is a model {entry.version} already: publish this one by another name."
                )
            check(pipe)
            versions[entry.version] = published
            until = records.aside(pipe) | (
                {entry.version: now + history.ASIDE_SECONDS} if aside else {}
            )
            stay = {entry.version, *history.kept(versions, history.promotions(pipe), until, now)}
            pipe.multi()
            pipe.hset(keys.MODELS, entry.version, records.sealed(pipe.keyring, published))
            pipe.hset(keys.MODEL_NETWORKS, entry.version, network)  # type: ignore[arg-type]
            pipe.hset(keys.MODELS_COMPILED, entry.version, compiled)  # type: ignore[arg-type]
            records.drop(pipe, versions.keys() - stay)
            more(pipe, published)

        self._change(add, keys.MODELS, keys.MODEL_HISTORY, keys.RETRAINING, keys.MODELS_ASIDE)
        return published

    def models(self) -> list[ModelEntry]:
        """Every version that can be promoted, the newest first and the shipped one last."""
        over = {
            version for version, until in records.aside(self._redis).items() if until < time.time()
        }
        there = (each for each in records.entries(self._redis).values() if each.version not in over)
        return [*history.newest_first(there), shipped()]

    def aside(self) -> dict[str, float]:
        """Until when each version is kept that was set aside, Unix seconds."""
        now = time.time()
        return {name: until for name, until in records.aside(self._redis).items() if until >= now}

    def keep_aside(self, version: str) -> float:
        """Have its week begin again; until when it is kept. Raises NotAsideError."""
        until = time.time() + history.ASIDE_SECONDS

        def note(pipe: SealingPipeline) -> None:
            if version not in self.aside():
                raise NotAsideError(version)
            pipe.multi()
            pipe.hset(keys.MODELS_ASIDE, version, str(until))

        self._change(note, keys.MODELS_ASIDE)
        return until

    def discard(self, version: str) -> None:
        """Delete a version that does not serve. Raises UnknownModelError, ServesError."""

        def drop(pipe: SealingPipeline) -> None:
            if version in (history.current(pipe), shipped().version):
                raise ServesError(version)
            if version not in records.entries(pipe):
                raise UnknownModelError(version)
            pipe.multi()
            records.drop(pipe, {version})

        self._change(drop, keys.MODELS, keys.MODEL_HISTORY)

    def drop_expired(self) -> None:
        """Delete what was set aside a week ago."""

        def drop(pipe: SealingPipeline) -> None:
            now = time.time()
            over = {name for name, until in records.aside(pipe).items() if until < now}
            pipe.multi()
            records.drop(pipe, over)

        self._change(drop, keys.MODELS_ASIDE)

    def get(self, version: str) -> ModelEntry:
        """One version's entry. Raises UnknownModelError."""
        if version == shipped().version:
            return shipped()
        text: Any = self._redis.hget(keys.MODELS, version)
        entry = records.entry(self._redis.keyring, version, text) if text else None
        if entry is None:
            raise UnknownModelError(version)
        return entry

    def adopt(self, version: str) -> None:
        """Seal the entry of a version that an earlier release published, which did not.

        Raises UnknownModelError.
        """
        text: Any = self._redis.hget(keys.MODELS, version)
        entry = records.read(ModelEntry, lambda: text or b"")
        if entry is None or entry.version != version:
            raise UnknownModelError(version)
        self._redis.hset(keys.MODELS, version, records.sealed(self._redis.keyring, entry))

    def read(self, version: str) -> bytes:
        """The version's Keras file, its SHA-256 checked.

        Raises UnknownModelError, DamagedModelError.
        """
        entry = self.get(version)
        if entry.shipped:
            return SHIPPED.read_bytes()
        return self._file(keys.MODEL_NETWORKS, version, entry.sha256)

    def read_compiled(self, version: str) -> bytes:
        """The version's compiled network, its SHA-256 checked.

        Raises UnknownModelError, DamagedModelError, UncompiledModelError.
        """
        entry = self.get(version)
        if entry.shipped:
            return COMPILED.read_bytes()
        if not entry.compiled_sha256:
            raise UncompiledModelError(version)
        return self._file(keys.MODELS_COMPILED, version, entry.compiled_sha256)

    def uncompiled(self) -> list[ModelEntry]:
        """Versions of releases that did not compile, the newest first, but for hopeless ones."""
        refused = self.refused()
        hopeless = {name for name, why in refused.items() if why.reason == "uncompilable"}
        return [
            entry
            for entry in self.models()
            if not (entry.shipped or entry.compiled_sha256 or entry.version in hopeless)
        ]

    def add_compiled(self, version: str, config: dict[str, Any], compiled: bytes) -> None:
        """Add the compiled form that a version of an earlier release lacks, with its config.

        Raises UnknownModelError, UnpublishableError.
        """
        _check_sizes(compiled)

        def add(pipe: SealingPipeline) -> None:
            entry = records.entries(pipe).get(version)
            if entry is None:
                raise UnknownModelError(version)
            if entry.compiled_sha256:
                return
            complete = replace(
                entry,
                config=config,
                compiled_sha256=sha256(compiled).hexdigest(),
                compiled_size=len(compiled),
            )
            pipe.multi()
            pipe.hset(keys.MODELS, version, records.sealed(pipe.keyring, complete))
            pipe.hset(keys.MODELS_COMPILED, version, compiled)  # type: ignore[arg-type]
            pipe.hdel(keys.MODELS_REFUSED, version)

        self._change(add, keys.MODELS)

    def _file(self, key: str, version: str, expected: str) -> bytes:
        content: Any = self._redis.hget(key, version)
        if content is None:
            raise UnknownModelError(version)
        if sha256(content).hexdigest() != expected:
            raise DamagedModelError(version)
        return bytes(content)

    def current(self) -> str:
        """The version that should serve."""
        promotion = self.promotion()
        return promotion.version if promotion else shipped().version

    def learned_until(self) -> float:
        """Until when the current model knows corrections, Unix seconds; 0 if it knows none."""
        try:
            entry = self.get(self.current())
        except UnknownModelError:
            return 0.0
        return entry.created_at if entry.trained_on.get("corrections") else 0.0

    def promotion(self) -> Promotion | None:
        """How the current version came to serve; None if none was ever promoted."""
        return next(iter(history.promotions(self._redis, 1)), None)

    def since(self) -> float:
        """Since when the current version is to serve, Unix seconds; 0 if it always was."""
        promotion = self.promotion()
        return promotion.at if promotion else 0.0

    def history(self) -> list[Promotion]:
        """Promotions and rollbacks, the newest first."""
        return history.promotions(self._redis)

    def doubted(self) -> dict[str, Promotion]:
        """The versions that somebody promoted against a doubt, with their last such promotion."""
        return {each.version: each for each in reversed(self.history()) if each.doubt}

    def before(self) -> list[str]:
        """What a rollback would go to, and what would follow, down to the shipped version."""
        return history.before(records.entries(self._redis), self.history(), self.refused())

    def promote(
        self, version: str, by: str, *, instead_of: str | None = None, anyway: bool = False
    ) -> None:
        """Let every worker swap to this version. Raises UnknownModelError.

        With `instead_of`, only while that version is the current one: else raises ChangedError.
        One that the gate refused, or that was never measured, is promoted `anyway` or not at all:
        raises DoubtfulModelError; the history says that it was. Of the current version only a
        refused one can be promoted again: then it is tried again.
        """

        def switch(pipe: SealingPipeline) -> None:
            now = time.time()
            entry = (
                shipped() if version == shipped().version else records.entries(pipe).get(version)
            )
            if entry is None or records.aside(pipe).get(version, now) < now:
                raise UnknownModelError(version)
            current = history.current(pipe)
            if version == current and version not in records.refused(pipe):
                return
            if instead_of not in (None, current):
                raise ChangedError(current)
            if entry.doubt and not anyway:
                raise DoubtfulModelError(version, entry.doubt)
            pipe.multi()
            history.switch(pipe, Promotion(version=version, by=by, at=now, doubt=entry.doubt))
            pipe.hdel(keys.MODELS_ASIDE, version)

        watched = keys.MODELS, keys.MODEL_HISTORY, keys.MODELS_REFUSED, keys.MODELS_ASIDE
        self._change(switch, *watched)

    def rollback(self, by: str, *, of: str | None = None) -> str:
        """Go back to the version that served before the current one, and say which that is.

        Repeated, it goes further back. What was dropped meanwhile, or refused, is passed over. With
        `of`, only while that version is the current one. Raises NothingToRollBackError,
        ChangedError.
        """

        def switch(pipe: SealingPipeline) -> str:
            past = history.promotions(pipe)
            current = past[0].version if past else shipped().version
            if of not in (None, current):
                raise ChangedError(current)
            under = history.before(records.entries(pipe), past, records.refused(pipe))
            if not under:
                raise NothingToRollBackError
            pipe.multi()
            history.switch(pipe, Promotion(version=under[0], by=by, at=time.time(), rollback=True))
            return under[0]

        return self._change(switch, keys.MODELS, keys.MODEL_HISTORY, keys.MODELS_REFUSED)

    def refuse(self, version: str, reason: str, detail: str = "") -> bool:
        """A worker says that it cannot serve this version; the first to say so tells the admins.

        `reason` is an id that the bot has a sentence for (see `model.serving.live_model`),
        `detail` is for the operator. Whether this call was the first.
        """

        def note(pipe: SealingPipeline) -> bool:
            if pipe.hexists(keys.MODELS_REFUSED, version):
                return False
            refusal = ModelRefusal(reason=reason, detail=detail, at=time.time())
            pipe.multi()
            pipe.hset(keys.MODELS_REFUSED, version, refusal.to_json())
            told = Notice(kind="model-refused", values={"version": version, "reason": reason})
            notices.add(pipe, told)
            return True

        return self._change(note, keys.MODELS_REFUSED)

    def refused(self) -> dict[str, ModelRefusal]:
        """The versions that a worker could not serve."""
        return records.refused(self._redis)

    def _change(self, change: Callable[[SealingPipeline], T], *watched: str) -> T:
        """What `change` returns, its commands after `multi()` done at once, on what it had read.

        Raises redis.WatchError if others change the same again and again, or Redis is unwilling.
        """
        pipe = self._redis.pipeline(transaction=True)
        with pipe:
            for attempt in range(ATTEMPTS):
                try:
                    pipe.watch(*watched)  # type: ignore[no-untyped-call]
                    value = change(pipe)
                    pipe.execute()
                except redis.WatchError:
                    if attempt == ATTEMPTS - 1:
                        raise
                else:
                    return value
        raise AssertionError("the loop above returns or raises")


def _check(pipe: SealingPipeline, takeover: Takeover) -> None:
    """Raise ChangedError or TakenOverError, unless the takeover may happen."""
    current = history.current(pipe)
    if current != takeover.instead_of:
        raise ChangedError(current)
    _check_token(pipe, takeover.token)


def _check_token(pipe: SealingPipeline, token: str | None) -> None:
    held: Any = pipe.hget(keys.RETRAINING, "token")
    if token is not None and held != token.encode():
        raise TakenOverError


def _check_sizes(*files: bytes) -> None:
    for file in files:
        if not 0 < len(file) <= MOST_BYTES:
            raise UnpublishableError(
                f"A model's file has between 1 and {MOST_BYTES:,} bytes; this has {len(file):,}."
            )
