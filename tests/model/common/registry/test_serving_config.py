"""The config next to a network: how pictures are shown, and how answers become verdicts."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from model.common.registry.serving_config import COMPILED, SHIPPED, ServingConfig, compiled_form

CONFIG = ServingConfig(
    version="v",
    photo_shapes=((160, 160), (184, 136)),
    small_shape=(28, 28),
    mirrored=("small",),
    sure=0.7,
    garment=0.4,
)


@pytest.mark.parametrize(
    ("probability", "garment_score", "verdict"),
    [(0.9, 0.9, "sure"), (0.7, 0.4, "sure"), (0.69, 0.9, "unsure"), (0.99, 0.39, "none")],
)
def test_verdicts(probability: float, garment_score: float, verdict: str) -> None:
    assert CONFIG.verdict(probability, garment_score) == verdict


def test_a_config_is_read_as_it_was_written(tmp_path: Path) -> None:
    CONFIG.write_next_to(tmp_path / "a.keras")

    assert ServingConfig.next_to(tmp_path / "a.keras") == CONFIG
    assert ServingConfig.read(json.loads(json.dumps(CONFIG.as_json()))) == CONFIG


def test_a_network_without_a_config_is_named_after_its_file(tmp_path: Path) -> None:
    assert ServingConfig.next_to(tmp_path / "mine.keras").version == "mine"


@pytest.mark.parametrize(
    ("earlier", "today"),
    [
        (
            {"sides": [64, 128], "mirrored": [64], "temperatures": [0.7, 0.6]},
            {
                "photo_shapes": ((128, 128),),
                "small_shape": (64, 64),
                "mirrored": ("small",),
                "small_temperature": 0.7,
                "photo_temperature": 0.6,
            },
        ),
        ({"sides": [96]}, {"photo_shapes": ((96, 96),)}),
        ({"temperatures": [1.5]}, {"photo_temperature": 1.5}),
        ({"sides": [], "mirrored": [], "temperatures": [1.0]}, {}),
    ],
)
def test_what_an_earlier_release_wrote_is_read(
    earlier: dict[str, Any], today: dict[str, Any]
) -> None:
    found = ServingConfig.read({"version": "photos-3", "network": "litenet", **earlier})

    assert found == ServingConfig(version="photos-3", network="litenet", **today)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"version": "a", "colour": "blue"},
        {"version": "a", "sides": [32, 64, 128]},
        {"version": "a", "sure": "often"},
        {"version": "a", "mirrored": ["large"]},
        {"version": "a", "photo_shapes": [[0, 64]]},
        {"version": "a", "photo_temperature": 0},
        [],
    ],
)
def test_what_is_no_config_is_refused(values: Any) -> None:
    with pytest.raises(ValueError):
        ServingConfig.read(values)


def test_a_compiled_form_is_of_the_very_file(tmp_path: Path) -> None:
    file = tmp_path / "a.keras"
    file.write_bytes(b"network")
    assert compiled_form(file) is None
    file.with_suffix(".tflite").write_bytes(b"compiled")
    assert compiled_form(file) is None
    ServingConfig(version="a", compiled_from=sha256(b"network").hexdigest()).write_next_to(file)
    assert compiled_form(file) == file.with_suffix(".tflite")
    file.write_bytes(b"trained again")
    assert compiled_form(file) is None


def test_the_shipped_model_is_compiled_from_the_file_that_ships() -> None:
    assert compiled_form(SHIPPED) == COMPILED
