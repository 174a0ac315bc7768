"""The keyring: it keeps people's data and ids out of Redis in plain text."""

import base64
import hashlib
import hmac
import json
import os
from contextlib import suppress
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from model.common.redis_tools.serialization import Serializable

S = TypeVar("S", bound=Serializable)

NONCE, TAG = 12, 16  # bytes before and behind what is sealed
SEAL = NONCE + TAG


class Unsealable(ValueError):
    """No key opens the bytes: another sealed them, or for another place, or they were changed."""


class Keyring:
    """Seals and opens bytes, and gives people and answers names that only the key can make.

    Of each key, any text, others are derived (HKDF-SHA256, RFC 5869): for AES-256-GCM (NIST SP
    800-38D), which seals under a random nonce, and for the names. The first key seals, and all
    open, so that a key can be replaced; the last makes the names, which so stay what they were.

    The `place` is where the sealed bytes lie, such as a stream's key: they open nowhere else.
    """

    def __init__(self, *keys: str) -> None:
        self._ciphers = [AESGCM(_derived(key, b"modista: aes-256-gcm")) for key in keys]
        # By it earlier releases sealed corrections.
        self._fernet = MultiFernet(
            Fernet(base64.urlsafe_b64encode(_derived(key, b"modista: sealing"))) for key in keys
        )
        self._names = _derived(keys[-1], b"modista: names")
        self._readable_names = AESSIV(_derived(keys[-1], b"modista: aes-siv", 64))

    def seal(self, data: bytes, place: str) -> bytes:
        """The data sealed for this place; SEAL bytes longer. Only the key opens it."""
        nonce = os.urandom(NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, data, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The sealed data. Raises Unsealable."""
        if len(sealed) >= SEAL:
            nonce, rest = sealed[:NONCE], memoryview(sealed)[NONCE:]
            for cipher in self._ciphers:
                with suppress(InvalidTag):
                    return cipher.decrypt(nonce, rest, place.encode())
            with suppress(InvalidToken):
                return self._fernet.decrypt(sealed)
        raise Unsealable("It was not sealed with this DATA_KEY.")

    def seal_record(self, record: Serializable, place: str) -> bytes:
        """A sealed dataclass for `open_as`."""
        return self.seal(record.to_json().encode(), place)

    def open_as(self, kind: type[S], sealed: bytes, place: str) -> S:
        """The sealed dataclass. Raises Unsealable, also for another one."""
        try:
            return kind.from_json(self.open(sealed, place))
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

    def seal_name(self, text: str) -> bytes:
        """The text as a name, always the same, that `open_name` reads (AES-SIV, RFC 5297)."""
        return self._readable_names.encrypt(text.encode(), None)

    def open_name(self, name: bytes) -> str:
        """The text of the name. Raises Unsealable."""
        with suppress(InvalidTag):
            return self._readable_names.decrypt(name, None).decode()
        raise Unsealable("It is no name that this DATA_KEY gave.")


def _derived(key: str, purpose: bytes, length: int = 32) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key.encode())
