"""The card beside a network: thresholds become verdicts."""

from pathlib import Path

import pytest

from model.common.registry.serving_config import ModelCard

CARD = ModelCard(version="v", sides=(64, 128), mirrored=(64,), sure=0.7, garment=0.4)


@pytest.mark.parametrize(
    ("probability", "garment_score", "verdict"),
    [(0.9, 0.9, "sure"), (0.7, 0.4, "sure"), (0.69, 0.9, "unsure"), (0.99, 0.39, "none")],
)
def test_verdicts(probability: float, garment_score: float, verdict: str) -> None:
    assert CARD.verdict(probability, garment_score) == verdict


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    CARD.write_beside(tmp_path / "a.keras")

    assert ModelCard.beside(tmp_path / "a.keras") == CARD


def test_a_network_without_a_card_is_named_after_its_file(tmp_path: Path) -> None:
    assert ModelCard.beside(tmp_path / "mine.keras").version == "mine"
