"""The versions' files in Redis: compressed, most of them as the difference from a base.

A retraining changes some layers of a network, so most of a version's file is in other versions'
files as well. The first is stored whole; a later one as its difference from one that is stored
whole, its base (Zstandard with the base as its prefix, as `zstd --patch-from` does), unless that
saves less than half. A base stays as long as a version refers to it.

A stored file is found by its SHA-256. The sealed entry has that, so what was changed in Redis is
never decompressed.
"""

# ruff: noqa: PLC0415 - the bot has the registry, and no Zstandard

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from model.common.queue import keys
from model.common.redis_tools.connection import Client, SealingPipeline
from model.common.registry.entry import FileKind, ModelEntry, StoredFile

# Earlier releases stored the files as they are, by version.
OF_EARLIER_RELEASES: dict[FileKind, str] = {
    "network": keys.MODEL_NETWORKS,
    "compiled": keys.MODELS_COMPILED,
}
LEVEL = 9
# Binary logarithms of how far back, in bytes, a repetition is looked for. Decoders allow no more.
SHORTEST_WINDOW, LONGEST_WINDOW = 10, 27


class DamagedFileError(Exception):
    """The stored file, or its base, is not the one that was published."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file, ready for Redis."""

    stored: StoredFile
    content: bytes


def packed(
    client: Client, there: Iterable[ModelEntry], contents: Mapping[FileKind, bytes]
) -> dict[FileKind, Packed]:
    """A version's files, each as the smallest difference from a file of those that are there."""
    found = list(there)
    return {
        kind: _smallest(client, content, _bases(found, kind)) for kind, content in contents.items()
    }


def with_bases_of(
    there: Iterable[ModelEntry],
    packed: Mapping[FileKind, Packed],
    contents: Mapping[FileKind, bytes],
) -> dict[FileKind, Packed]:
    """The packed files; whole where the base has gone since, with its last version."""
    kept = referred(there)
    return {
        kind: each if not each.stored.base or each.stored.base in kept else pack(contents[kind])
        for kind, each in packed.items()
    }


def put(pipe: SealingPipeline, packed: Mapping[FileKind, Packed]) -> None:
    """Store them."""
    for each in packed.values():
        pipe.hset(keys.MODELS_FILES, each.stored.sha256, each.content)  # type: ignore[arg-type]


def read(client: Client, entry: ModelEntry, kind: FileKind) -> bytes | None:
    """A version's file; None if it is not there. Raises DamagedFileError.

    Meanwhile it takes the memory of the file four times, and of its base once.
    """
    content: bytes | None
    stored = entry.stored.get(kind)
    if not stored:
        content = client.hget(OF_EARLIER_RELEASES[kind], entry.version)  # type: ignore[assignment]
        return content
    content = _checked(client, stored.sha256)
    if content is None:
        return None
    return _unpacked(content, _base(client, stored.base) if stored.base else b"")


def referred(entries: Iterable[ModelEntry]) -> set[str]:
    """All stored files that these versions need, by SHA-256."""
    found = [stored for each in entries for stored in each.stored.values()]
    return {stored.sha256 for stored in found} | {stored.base for stored in found if stored.base}


def _bases(entries: Iterable[ModelEntry], kind: FileKind) -> set[str]:
    """What is stored whole for these versions, by SHA-256."""
    found = (each.stored[kind] for each in entries if kind in each.stored)
    return {stored.base or stored.sha256 for stored in found}


def _smallest(client: Client, content: bytes, bases: Iterable[str]) -> Packed:
    """The file by its best base, or whole if none saves half. A damaged base is passed over."""
    alone = best = pack(content)
    for name in bases:
        try:
            found = pack(content, _base(client, name), name)
        except DamagedFileError:
            continue
        if found.stored.size <= min(alone.stored.size // 2, best.stored.size):
            best = found
    return best


def _base(client: Client, name: str) -> bytes:
    content = _checked(client, name)
    if content is None:
        raise DamagedFileError(f"Its base {name} is gone.")
    return _unpacked(content, b"")


def _checked(client: Client, name: str) -> bytes | None:
    content: bytes | None = client.hget(keys.MODELS_FILES, name)  # type: ignore[assignment]
    if content is not None and sha256(content).hexdigest() != name:
        raise DamagedFileError(f"What is stored as {name} has another SHA-256.")
    return content


def pack(content: bytes, base: bytes = b"", name: str = "") -> Packed:
    """A file, whole or as its difference from the base of this SHA-256."""
    from backports import zstd
    from backports.zstd import CompressionParameter

    reach = (len(content) + len(base)).bit_length()
    options: dict[int, int] = {
        CompressionParameter.compression_level: LEVEL,
        CompressionParameter.window_log: max(SHORTEST_WINDOW, min(reach, LONGEST_WINDOW)),
        CompressionParameter.enable_long_distance_matching: 1,
    }
    packed = zstd.compress(content, options=options, zstd_dict=_prefix(base))
    stored = StoredFile(sha256=sha256(packed).hexdigest(), size=len(packed), base=name)
    return Packed(stored, packed)


def _unpacked(packed: bytes, base: bytes) -> bytes:
    from backports import zstd

    prefix = _prefix(base)
    del base  # the prefix is a copy, and a worker's memory is small
    try:
        return zstd.decompress(packed, zstd_dict=prefix)
    except zstd.ZstdError as error:
        raise DamagedFileError(str(error)) from error


def _prefix(base: bytes) -> Any:
    from backports import zstd

    # Zstandard takes none of less than eight bytes.
    return zstd.ZstdDict(base, is_raw=True).as_prefix if len(base) >= 8 else None
