import pytest

from bot.replies.captions import corrected, sentence
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages import LANGUAGES
from model.common.prediction import Prediction, Verdict, percent
from model.common.queue.messages import Address, Answer, Correction


def answer(
    language: str, verdict: Verdict, garment_score: float = 0.9, **probabilities: float
) -> Answer:
    prediction = Prediction(
        probabilities=tuple(probabilities.get(label.name, 0.0) for label in LABELS),
        garment_score=garment_score,
        verdict=verdict,
        model="test",
    )
    return Answer(
        id="u1",
        address=Address(chat_id=5, message_id=6, user_id=5, language=language),
        prediction=prediction,
    )


@pytest.mark.parametrize(
    ("language", "text"), [("en", "👟 Sneaker, 93%"), ("es", "👟 Zapatilla, 93 %")]
)
def test_a_sure_answer_names_one_garment(language: str, text: str) -> None:
    assert sentence(answer(language, "sure", Sneaker=0.93, Sandal=0.07)) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Not sure: Shirt 45% or Coat 40%"),
        ("es", "No lo tengo claro: Camisa 45 % o Abrigo 40 %"),
    ],
)
def test_an_unsure_answer_names_two(language: str, text: str) -> None:
    assert sentence(answer(language, "unsure", Coat=0.40, Shirt=0.45, Dress=0.15)) == text


@pytest.mark.parametrize(
    ("probabilities", "tip"),
    [
        ({"Bag": 0.76, "Coat": 0.24}, "Tip: move closer, so that it fills most of the photo."),
        ({"Bag": 0.5, "Coat": 0.3, "Dress": 0.2}, "Tip: one piece at a time works best."),
        (
            {"Bag": 0.5, "Coat": 0.2, "Dress": 0.15, "Shirt": 0.15},
            "Tip: lay or hang one piece against a plain background.",
        ),
    ],
)
def test_where_there_is_no_garment_the_closest_is_named_with_a_tip(
    probabilities: dict[str, float], tip: str
) -> None:
    first, second = sentence(answer("en", "none", **probabilities)).splitlines()
    percent = round(100 * probabilities["Bag"])
    assert first == f"None of the ten garments I know. Closest: 👜 Bag {percent}%"
    assert second == tip


def test_what_hardly_looks_like_a_garment_is_not_to_be_sent_from_closer() -> None:
    said = sentence(answer("en", "none", 0.05, Bag=0.76, Coat=0.24))
    assert said.endswith("Tip: lay or hang one piece against a plain background.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", ["sure", "unsure", "none"])
def test_what_people_said_is_never_a_sentence_within_another(
    language: str, verdict: Verdict
) -> None:
    given = answer(language, verdict, Coat=0.5, Shirt=0.4).prediction
    assert given
    for label in range(NONE_OF_THESE + 1):
        correction = Correction(answer_id="u1", edits=1, turn=1, label=label, prediction=given)
        said = corrected(correction, language)
        assert said.count("✓") == (label == given.said)
        assert len(said) < 70 and "\n" not in said


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0.0, 0), (0.004, 0), (0.005, 1), (0.125, 13), (0.995, 100), (1.0, 100)],
)
def test_percents_are_rounded_halves_up(probability: float, shown: int) -> None:
    assert percent(probability) == shown
