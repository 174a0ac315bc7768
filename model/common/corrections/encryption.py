"""Sealing: nothing of a person lies in Redis in the clear, nor under their own number."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from tempfile import mkstemp
from typing import TypeVar

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from model.common.redis_tools.serialization import Serializable
from model.common.settings import SHORTEST_KEY, Settings

S = TypeVar("S", bound=Serializable)

KEY_FILE = "corrections.key"


class Unsealable(Exception):
    """The bytes were not sealed with this key, were changed since, or hold something else."""


class Sealer:
    """Seals and opens bytes, and gives people and answers names that only the key can make.

    Of the `key`, any text, two keys are derived (HKDF-SHA256, RFC 5869): one for Fernet, which is
    AES-128-CBC with an HMAC-SHA256, and one for the names' HMAC-SHA256.
    """

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(key, b"modista: sealing")))
        self._names = _derived(key, b"modista: names")

    def seal(self, data: bytes) -> bytes:
        """The data, to be read with the key alone."""
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises Unsealable."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise Unsealable("This was not sealed with this CORRECTIONS_KEY.") from error

    def seal_record(self, record: Serializable) -> bytes:
        """A dataclass, to be read by `open_as` with the key alone."""
        return self.seal(record.to_json().encode())

    def open_as(self, kind: type[S], sealed: bytes) -> S:
        """The dataclass that was sealed. Raises Unsealable, also where it is another."""
        try:
            return kind.from_json(self.open(sealed))
        except ValueError as error:
            raise Unsealable(str(error)) from error

    def digest(self, *parts: str | int) -> str:
        """A name for these parts, 32 hexadecimal digits; without the key nobody can find them."""
        message = json.dumps(parts).encode()
        return hmac.digest(self._names, message, hashlib.sha256).hex()[:32]

    def person(self, user_id: int) -> str:
        """A person's name in Redis."""
        return self.digest("person", user_id)

    def answer(self, answer_id: str) -> str:
        """An answer's name in Redis, and that of its correction."""
        return self.digest("answer", answer_id)


def sealer(settings: Settings) -> Sealer | None:
    """By CORRECTIONS_KEY, else by the key file of the embedded Redis; None: corrections are off.

    With somebody's own Redis the processes may run on different machines, and a file would not
    reach them all. SystemExit with a sentence where the file cannot be used.
    """
    if key := settings.corrections_key.get_secret_value():
        return Sealer(key)
    if not settings.embedded_redis:
        return None
    return Sealer(_key_in(settings.data_dir))


def _key_in(folder: Path) -> str:
    file = folder / KEY_FILE
    try:
        if not file.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _create(file)
        key = file.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        raise SystemExit(
            f"The key for corrections in DATA_DIR cannot be used: {error}. "
            "Make it readable, or set CORRECTIONS_KEY."
        ) from None
    if len(key) < SHORTEST_KEY:
        raise SystemExit(
            f"{file} is damaged: put it back from a copy, or remove it, and a new one is made. "
            "What was kept with the old one can then no longer be read."
        )
    return key


def _create(file: Path) -> None:
    """Make the file with a new key, unless another process is faster. It is never half-written."""
    descriptor, name = mkstemp(prefix=f"{file.name}.", dir=file.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as written:
            written.write(secrets.token_urlsafe(48) + "\n")
            written.flush()
            os.fsync(written.fileno())
        # A link, unlike a renaming, never takes the place of a file that is there.
        with contextlib.suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
