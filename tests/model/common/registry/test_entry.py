"""The registry's entry of the shipped model agrees with its card."""

import json

import pytest

from model.common.registry.entry import FACTS, Promotion, shipped
from model.common.registry.serving_config import SHIPPED

CARD = SHIPPED.with_name("MODEL_CARD.md").read_text(encoding="utf-8")


def test_the_facts_are_those_of_the_model_that_ships() -> None:
    assert json.loads(FACTS.read_text())["version"] == shipped().version
    assert shipped().shipped
    assert shipped().created_at > 0


def test_the_figures_are_those_of_the_model_card() -> None:
    figures = shipped().figures
    for row, name in {
        "Fashion-MNIST, test images: accuracy": "fashion_mnist",
        "photos: accuracy": "photos",
        "Fashion-MNIST, test images: calibration error": "fashion_mnist_ece",
        "photos: calibration error": "photos_ece",
    }.items():
        lines = [line for line in CARD.splitlines() if line.startswith(f"| {row} ")]
        assert lines
        assert all(f"{100 * figures[name]:.2f}%" in line.replace(" %", "%") for line in lines)
    for count in shipped().trained_on.values():
        assert f"{count:,}" in CARD


def test_a_record_comes_back_and_what_is_none_does_not() -> None:
    promotion = Promotion(version="a", by="Ada", at=5.0)
    assert Promotion.from_json(promotion.to_json()) == promotion
    for text in ("", "[]", "{}", '{"version": "a", "by": "Ada", "at": "noon"}'):
        with pytest.raises(ValueError):
            Promotion.from_json(text)
