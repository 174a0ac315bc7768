"""The sentences about photos that were not taken."""

from typing import Any

import pytest

from bot.replies import refusal_notices
from model.common.languages.sentences import say
from model.common.queue.limits import Reason
from model.common.queue.refusals import RefusedPhotos


def photos(reason: Reason, count: int, **more: int) -> RefusedPhotos:
    values: dict[str, Any] = {"limit": 60, "ahead": 1000, "seconds": 1, "since": 0} | more
    return RefusedPhotos(count=count, message_id=1, language="en", reason=reason, **values)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (photos("full", 1, ahead=1), "about 1 photo is ahead. I couldn’t take your photo; please"),
        (photos("full", 3), "about 1,000 photos are ahead. I couldn’t take your last 3 photos;"),
        (photos("too_fast", 1), "more than 60 photos in a minute. I couldn’t take your last one;"),
        (photos("too_fast", 1), "please send it again in a second."),
        (photos("too_fast", 4), "your last 4; please send them again in 4 seconds."),
        (photos("too_fast", 4, limit=2, seconds=20), "please send them again in 50 seconds."),
        (photos("too_fast", 500), "please send them again in 60 seconds."),
        (photos("too_many", 1, limit=40), "You have 40 photos waiting for an answer"),
        (photos("too_many", 2, limit=1), "You have 1 photo waiting"),
        (photos("at_once", 1), "I left out your last one; please send it again if it still"),
        (photos("at_once", 7), "I left out your last 7; please send them again if it still"),
        (photos("too_many", 2), "I left out your last 2; please send them again once"),
    ],
)
def test_the_sentences(refused: RefusedPhotos, words: str) -> None:
    assert words in refusal_notices.sentence(refused)


def test_the_sentences_in_spanish() -> None:
    one, more = [
        say("es", "refused-too-fast", count=count, limit=60, seconds=count) for count in (1, 3)
    ]
    assert one.endswith("aceptar la última; vuelve a mandármela dentro de un segundo, por favor.")
    assert more.endswith(
        "aceptar las últimas 3; vuelve a mandármelas dentro de 3 segundos, por favor."
    )
    full = say("es", "refused-full", count=1, ahead=1)
    assert full.startswith("No doy abasto: por delante hay 1 foto. No he podido aceptar tu foto;")
