from hypothesis import given
from hypothesis import strategies as st

from model.common.corrections.hold_back import is_held_back, learned


@given(st.integers(0, 1000))
def test_a_third_is_held_back(count: int) -> None:
    assert learned(count) == count - (count + 1) // 3
    assert learned(count) == [is_held_back(place) for place in range(count)].count(False)


def test_the_first_is_learned_from_and_the_second_held_back() -> None:
    assert [is_held_back(place) for place in range(6)] == [False, True, False, False, True, False]
