"""The versions in the registry and their files."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from model.common.queue import keys
from model.common.redis_tools.connection import SealingPipeline
from model.common.registry import files, history, records
from model.common.registry.entry import VERSION, FileKind, ModelEntry, Promotion, shipped
from model.common.registry.errors import (
    MOST_BYTES,
    ChangedError,
    DamagedModelError,
    NotAsideError,
    ServesError,
    TakenOverError,
    UncompiledModelError,
    UnknownModelError,
    UnpublishableError,
)
from model.common.registry.serving_config import COMPILED, SHIPPED
from model.common.registry.transactions import Transactions, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """A request to serve a new version: by whom, and in place of which version.

    With a `token`, only while the retraining in the slot is this attempt's.
    """

    by: str
    instead_of: str
    token: str | None


class Versions(Transactions):
    """Publish versions, read and delete them.

    What the gate refused is set aside: it is kept for a week, and does not serve.
    """

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
        token = takeover.token if takeover else None
        return self._add(entry, network, compiled, token=token, takeover=takeover)

    def set_aside(
        self, entry: ModelEntry, network: bytes, compiled: bytes, *, token: str | None
    ) -> ModelEntry:
        """Add a version that is not to serve: it stays a week, unless it is promoted.

        Raises UnpublishableError, and TakenOverError as `publish` does.
        """
        return self._add(entry, network, compiled, token=token, aside=True)

    def _add(
        self,
        entry: ModelEntry,
        network: bytes,
        compiled: bytes,
        *,
        token: str | None,
        takeover: Takeover | None = None,
        aside: bool = False,
    ) -> ModelEntry:
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
        contents: dict[FileKind, bytes] = {"network": network, "compiled": compiled}
        packed = files.packed(self._redis, records.readable(self._redis).values(), contents)
        return self._store(published, contents, packed, token=token, takeover=takeover, aside=aside)

    @transaction(keys.MODELS, keys.MODEL_HISTORY, keys.RETRAINING, keys.MODELS_ASIDE)
    def _store(
        self,
        pipe: SealingPipeline,
        published: ModelEntry,
        contents: Mapping[FileKind, bytes],
        packed: Mapping[FileKind, files.Packed],
        *,
        token: str | None,
        takeover: Takeover | None,
        aside: bool,
    ) -> ModelEntry:
        version, now = published.version, published.published_at
        there = records.readable(pipe)
        versions = records.visible(there)
        if version in versions or version == shipped().version:
            raise UnpublishableError(
                f"There is a model {version} already: publish this one by another name."
            )
        if takeover and (current := history.current(pipe)) != takeover.instead_of:
            raise ChangedError(current)
        _check_token(pipe, token)
        fit = files.with_bases_of(there.values(), packed, contents)
        stored = replace(published, stored={kind: each.stored for kind, each in fit.items()})
        there[version] = versions[version] = stored
        until = records.aside(pipe)
        if aside:
            until[version] = now + history.ASIDE_SECONDS
        stay = {version, *history.kept(versions, history.promotions(pipe), until, now)}
        pipe.multi()
        pipe.hset(keys.MODELS, version, records.sealed(pipe.keyring, stored))
        files.put(pipe, fit)
        records.drop(pipe, versions.keys() - stay, there)
        if aside:
            pipe.hset(keys.MODELS_ASIDE, version, str(until[version]))
        if takeover:
            history.switch(pipe, Promotion(version=version, by=takeover.by, at=now))
        return stored

    def models(self) -> list[ModelEntry]:
        """Every version that can be promoted, the newest first and the shipped one last."""
        until, now = records.aside(self._redis), time.time()
        entries = records.entries(self._redis).values()
        there = (each for each in entries if until.get(each.version, now) >= now)
        return [*history.newest_first(there), shipped()]

    def aside(self) -> dict[str, float]:
        """Until when each version is kept that was set aside, Unix seconds."""
        now = time.time()
        return {name: until for name, until in records.aside(self._redis).items() if until >= now}

    @transaction(keys.MODELS_ASIDE)
    def keep_aside(self, pipe: SealingPipeline, version: str) -> float:
        """Have its week begin again; until when it is kept. Raises NotAsideError."""
        until = time.time() + history.ASIDE_SECONDS
        if version not in self.aside():
            raise NotAsideError(version)
        pipe.multi()
        pipe.hset(keys.MODELS_ASIDE, version, str(until))
        return until

    @transaction(keys.MODELS, keys.MODELS_ASIDE)
    def drop_expired(self, pipe: SealingPipeline) -> None:
        """Delete what was set aside a week ago."""
        now = time.time()
        over = {name for name, until in records.aside(pipe).items() if until < now}
        there = records.readable(pipe)
        pipe.multi()
        records.drop(pipe, over, there)

    @transaction(keys.MODELS, keys.MODEL_HISTORY)
    def discard(self, pipe: SealingPipeline, version: str) -> None:
        """Delete a version that does not serve. Raises UnknownModelError, ServesError."""
        if version in (history.current(pipe), shipped().version):
            raise ServesError(version)
        there = records.readable(pipe)
        if version not in there:
            raise UnknownModelError(version)
        pipe.multi()
        records.drop(pipe, {version}, there)

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
        return self._file(entry, "network", entry.sha256)

    def read_compiled(self, version: str) -> bytes:
        """The version's compiled network, its SHA-256 checked.

        Raises UnknownModelError, DamagedModelError, UncompiledModelError.
        """
        entry = self.get(version)
        if entry.shipped:
            return COMPILED.read_bytes()
        if not entry.compiled_sha256:
            raise UncompiledModelError(version)
        return self._file(entry, "compiled", entry.compiled_sha256)

    def uncompiled(self) -> list[ModelEntry]:
        """Versions of releases that did not compile, the newest first, but for hopeless ones."""
        refused = records.refused(self._redis)
        hopeless = {name for name, why in refused.items() if why.reason == "uncompilable"}
        return [
            entry
            for entry in self.models()
            if not (entry.shipped or entry.compiled_sha256 or entry.version in hopeless)
        ]

    @transaction(keys.MODELS)
    def add_compiled(
        self, pipe: SealingPipeline, version: str, config: dict[str, Any], compiled: bytes
    ) -> None:
        """Add the compiled form that a version of an earlier release lacks, with its config.

        Raises UnknownModelError, UnpublishableError.
        """
        _check_sizes(compiled)
        entry = records.entries(pipe).get(version)
        if entry is None:
            raise UnknownModelError(version)
        if entry.compiled_sha256:
            return
        digest, size = sha256(compiled).hexdigest(), len(compiled)
        complete = replace(entry, config=config, compiled_sha256=digest, compiled_size=size)
        pipe.multi()
        pipe.hset(keys.MODELS, version, records.sealed(pipe.keyring, complete))
        pipe.hset(keys.MODELS_COMPILED, version, compiled)  # type: ignore[arg-type]
        pipe.hdel(keys.MODELS_REFUSED, version)

    def _file(self, entry: ModelEntry, kind: FileKind, expected: str) -> bytes:
        try:
            content = files.read(self._redis, entry, kind)
        except files.DamagedFileError as error:
            raise DamagedModelError(entry.version) from error
        if content is None:
            raise UnknownModelError(entry.version)
        if sha256(content).hexdigest() != expected:
            raise DamagedModelError(entry.version)
        return content


def _check_token(pipe: SealingPipeline, token: str | None) -> None:
    """Raise TakenOverError if the retraining is another attempt's than this token's."""
    held: Any = pipe.hget(keys.RETRAINING, "token")
    if token is not None and held != token.encode():
        raise TakenOverError


def _check_sizes(*files: bytes) -> None:
    for file in files:
        if not 0 < len(file) <= MOST_BYTES:
            raise UnpublishableError(
                f"A model's file has between 1 and {MOST_BYTES:,} bytes; this has {len(file):,}."
            )
