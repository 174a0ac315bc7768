"""Whatever JSON comes in an update's place: an update that the bot can rely on, or a refusal."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update

from bot.transport.updates import UnreadableError, mark, read, readable, scrubbed
from tests.helpers.bot.webhook import forged

BOT = Bot("1:no-calls-are-made")
# As json.loads makes them: any text, half characters too; any number, also none.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def pressed() -> dict[str, Any]:
    """A button that was pressed."""
    message = forged()["message"] | {"photo": [photo(90), photo(800)], "caption": "Sneaker"}
    query = {"id": "1", "from": message["from"], "message": message, "chat_instance": "1"}
    return {"update_id": 1, "callback_query": query | {"data": "right:u1-12345678"}}


def photo(side: int) -> dict[str, Any]:
    return {"file_id": "a", "file_unique_id": "b", "width": side, "height": side, "file_size": 9}


def paths(value: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each part of a JSON value lies."""
    if isinstance(value, dict):
        inner = [path for key, each in value.items() for path in paths(each, (*at, key))]
    elif isinstance(value, list):
        inner = [path for i, each in enumerate(value) for path in paths(each, (*at, i))]
    else:
        inner = []
    return [at, *inner] if at else inner


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """An update of Telegram's in which a few parts are something else, or not there."""
    bases = [forged(), forged(text="hello"), pressed()]
    values: dict[str, Any] = deepcopy(draw(st.sampled_from(bases)))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(paths(values)))
        at: Any = values
        for step in way:
            at = at[step]
        if draw(st.booleans()):
            at[last] = draw(VALUES)
        else:
            del at[last]
        if not values:
            break
    return values


@given(VALUES | mutated())
def test_it_is_an_update_with_numbers_or_refused(values: Any) -> None:
    try:
        update = read(values, BOT)
    except UnreadableError as error:
        assert error.update_id is None or error.update_id == values["update_id"]
        assert "\n" not in str(error)
        return
    for each in (update.effective_chat, update.effective_user):
        assert each is None or type(each.id) is int
    if update.message:
        assert type(update.message.chat.id) is int
        assert type(update.message.message_id) is int
    update.to_json().encode()


@given(mutated())
def test_what_is_read_keeps_its_name_in_redis(values: Any) -> None:
    try:
        update = read(values, BOT)
    except UnreadableError:
        return
    again = read(json.loads(update.to_json()), BOT)
    assert mark(again) == mark(update)


def changed(base: dict[str, Any], *way: str, **changes: Any) -> dict[str, Any]:
    at = base
    for step in way:
        at = at[step]
    at.update(changes)
    return base


@pytest.mark.parametrize(
    "values",
    [
        changed(forged(), "message", chat=None),
        changed(forged(), "message", chat={"type": "private"}),
        changed(forged(), "message", "chat", id="1001"),
        changed(forged(), "message", "chat", id=[]),
        changed(forged(), "message", "chat", id=1 << 63),
        changed(forged(), "message", "from", id=None),
        changed(forged(), "message", message_id=None),
        changed(forged(), "message", date=1 << 60),
        changed(forged(), "message", sender_chat={"id": "x", "type": "channel"}),
        changed(forged(), message="/start"),
        changed(forged(), "message", photo=[{"file_id": "a"}]),
        changed(pressed(), "callback_query", **{"from": None}),
        changed(pressed(), "callback_query", "message", chat=None),
        changed(pressed(), callback_query=[]),
    ],
    ids=lambda values: json.dumps(values)[:60],
)
def test_what_handlers_rely_on_must_be_there(values: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(values, BOT)
    assert caught.value.update_id == 1


@pytest.mark.parametrize("update_id", ["1", None, True, 1.0, [], 1 << 64])
def test_without_an_id_there_is_nothing_to_step_over(update_id: object) -> None:
    with pytest.raises(UnreadableError) as caught:
        read({"update_id": update_id})
    assert caught.value.update_id is None


def test_half_characters_are_replaced_wherever_they_are() -> None:
    values = {"a\ud800": ["b\udfff", {"c": "👟 é"}], "n": 1}
    assert scrubbed(values) == {"a?": ["b?", {"c": "👟 é"}], "n": 1}
    update = read(changed(forged(), "message", "from", first_name="\ud83d"))
    assert update.effective_user is not None
    assert update.effective_user.first_name == "?"


def test_a_nest_without_end_is_refused() -> None:
    message: dict[str, Any] = forged()["message"]
    for _ in range(20_000):
        message = forged()["message"] | {"reply_to_message": message}
    with pytest.raises(UnreadableError):
        read({"update_id": 1, "message": message})
    assert isinstance(read(forged()), Update)


@given(mutated())
def test_what_is_readable_becomes_the_same_update_in_the_librarys_hands(values: Any) -> None:
    try:
        update = read(values, BOT)
    except UnreadableError:
        with pytest.raises(UnreadableError):
            readable(values)
        return
    assert mark(Update.de_json(readable(values), BOT)) == mark(update)
