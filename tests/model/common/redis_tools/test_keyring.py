"""Values in Redis can be read only with the key."""

import base64
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from model.common.redis_tools.keyring import Keyring, Unsealable
from tests.helpers.corrections import PERSON, kept
from tests.helpers.redis import KEY, KEYRING

OTHER = "another key of 32 characters or more"
PLACE = "photos"


@given(data=st.binary(max_size=200))
def test_what_was_sealed_is_opened(data: bytes) -> None:
    assert KEYRING.open(KEYRING.seal(data, PLACE), PLACE) == data


def test_nothing_of_it_shows() -> None:
    sealed = KEYRING.seal(b"a garment", PLACE)
    assert b"garment" not in sealed and len(sealed) == len(b"a garment") + 28
    assert KEYRING.seal(b"a garment", PLACE) != sealed, "who sees two cannot tell they are equal"


@pytest.mark.parametrize(
    "change", [lambda b: b[:-1], lambda b: b"A" + b, lambda b: b"", lambda b: b[:20]]
)
def test_what_was_changed_cannot_be_opened(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Unsealable):
        KEYRING.open(change(KEYRING.seal(b"a garment", PLACE)), PLACE)


def test_what_was_sealed_for_one_place_cannot_be_opened_in_another() -> None:
    with pytest.raises(Unsealable):
        KEYRING.open(KEYRING.seal(b"a garment", "answers"), "photos")


def test_another_key_opens_nothing_and_gives_other_names() -> None:
    other = Keyring(OTHER)
    with pytest.raises(Unsealable):
        other.open(KEYRING.seal(b"a garment", PLACE), PLACE)
    assert other.person(PERSON) != KEYRING.person(PERSON)
    with pytest.raises(Unsealable):
        other.open_name(KEYRING.seal_name("1:2"))


def test_of_several_keys_the_first_seals_all_open_and_names_stay() -> None:
    before = KEYRING.seal(b"a garment", PLACE)
    both = Keyring(OTHER, KEY)
    assert both.open(before, PLACE) == b"a garment"
    assert both.person(PERSON) == KEYRING.person(PERSON)
    assert both.open_name(KEYRING.seal_name("1:2")) == "1:2"
    after = both.seal(b"a garment", PLACE)
    assert Keyring(OTHER).open(after, PLACE) == b"a garment"
    with pytest.raises(Unsealable):
        KEYRING.open(after, PLACE)


def test_what_an_earlier_release_sealed_is_opened() -> None:
    """It sealed by Fernet, with CORRECTIONS_KEY, wherever that stands in the list today."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"modista: sealing")
    fernet = Fernet(base64.urlsafe_b64encode(derived.derive(KEY.encode())))
    record = kept("a")
    sealed = fernet.encrypt(record.to_json().encode())
    for keyring in (KEYRING, Keyring(OTHER, KEY)):
        assert keyring.open_as(type(record), sealed, PLACE) == record
    with pytest.raises(Unsealable):
        Keyring(OTHER).open(sealed, PLACE)


def test_a_record_of_another_kind_is_not_one() -> None:
    with pytest.raises(Unsealable):
        KEYRING.open_as(type(kept("a")), KEYRING.seal(b'{"id": "a"}', PLACE), PLACE)


def test_names_tell_apart_what_differs() -> None:
    different: list[tuple[str | int, ...]] = [
        *(("a", 1), ("a", "1"), ("a1",), ("a", "", 1), ("a, 1",), ("person", 1))
    ]
    assert len({KEYRING.digest(*parts) for parts in different}) == 6
    assert KEYRING.digest("a", 1) == KEYRING.digest("a", 1)
    assert KEYRING.person(1) != KEYRING.answer("1")


def test_a_name_that_can_be_read_is_always_the_same_and_shows_nothing() -> None:
    assert KEYRING.seal_name("1001:1002") == KEYRING.seal_name("1001:1002")
    assert b"1001" not in KEYRING.seal_name("1001:1002")
    assert KEYRING.open_name(KEYRING.seal_name("1001:1002")) == "1001:1002"
    for foreign in (b"", b"1001:1002", KEYRING.seal_name("1")[:-1] + b"\0"):
        with pytest.raises(Unsealable):
            KEYRING.open_name(foreign)
