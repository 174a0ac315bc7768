import pytest

from bot.replies.captions import percent, sentence
from model.common.labels import LABELS
from model.common.prediction import Prediction, Verdict
from model.common.queue.messages import Answer


def answer(language: str, verdict: Verdict, **probabilities: float) -> Answer:
    prediction = Prediction(
        probabilities=tuple(probabilities.get(label.name, 0.0) for label in LABELS),
        garment_score=0.9,
        verdict=verdict,
        model="test",
    )
    return Answer(
        id="u1", chat_id=5, message_id=6, user_id=5, language=language, prediction=prediction
    )


@pytest.mark.parametrize(
    ("language", "text"), [("en", "👟 Sneaker, 93 %"), ("es", "👟 Zapatilla, 93 %")]
)
def test_a_sure_answer_names_one_garment(language: str, text: str) -> None:
    assert sentence(answer(language, "sure", Sneaker=0.93, Sandal=0.07)) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Not sure: Shirt 45 % or Coat 40 %"),
        ("es", "No lo tengo claro: Camisa 45 % o Abrigo 40 %"),
    ],
)
def test_an_unsure_answer_names_two(language: str, text: str) -> None:
    assert sentence(answer(language, "unsure", Coat=0.40, Shirt=0.45, Dress=0.15)) == text


def test_where_there_is_no_garment_none_is_named() -> None:
    text = sentence(answer("en", "none", Bag=1.0))
    assert text == "I don’t see one of my garments here; /classes shows what I know."


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0.0, 0), (0.004, 0), (0.005, 1), (0.125, 13), (0.995, 100), (1.0, 100)],
)
def test_percents_are_rounded_halves_up(probability: float, shown: int) -> None:
    assert percent(probability) == shown
