import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.names import LONGEST, MOST_MARKS, shown


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ana María", "Ana María"),
        ("  Ana \n\t María\u2028 ", "Ana María"),
        ("\u202eevil\u2066 \u200bname\u200f", "evil name"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("<b>Ana</b> & *co* _x_ `y` [z](http://a)", "<b>Ana</b> & *co* _x_ `y` [z](http://a)"),
        ("é" + "\u0301" * 500, "é" + "\u0301" * MOST_MARKS),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("علي", "علي"),
        ("\u200d\u200d", "?"),
        ("\u202e\ud800", "?"),
        ("\ue000x\U0010ffff", "x"),
        ("", "?"),
        ("x" * 5000, "x" * (LONGEST - 1) + "…"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_a_name_is_shown_as_far_as_it_can_be(name: str, kept: str) -> None:
    assert shown(name) == kept


@given(st.text(st.characters()))
def test_whatever_it_is_it_is_one_short_visible_line(name: str) -> None:
    found = shown(name)
    assert 1 <= len(found) <= LONGEST
    assert found == found.strip()
    assert len(found.splitlines()) == 1
    hidden = {each for each in found if unicodedata.category(each).startswith("C")}
    assert hidden <= {"\u200d"}
    found.encode()
