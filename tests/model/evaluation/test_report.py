"""The report of `evaluate`."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.helpers.reports import report

REPORT = report()


def test_json_has_all_that_was_measured() -> None:
    found: dict[str, Any] = json.loads(REPORT.as_json())
    assert (found["sure"], found["garment"]) == (0.6, 0.3)
    photos = found["photos"]
    assert set(photos["verdicts"]) == {
        "sure",
        "unsure",
        "none",
        "sure_accuracy",
        "unsure_accuracy",
    }
    assert [set(one) for one in photos["reliability"]] == [{"count", "confidence", "accuracy"}] * 15
    shares = {"photos", "auroc", "none", "unsure", "sure"}
    assert {what: set(one) for what, one in photos["others"].items()} == {
        "garments": shares,
        "shoes": shares,
    }
    assert set(found["things"]) == {"garments", "kinds", "worst"} | shares
    assert set(found["things"]["worst"][0]) == {"name"} | shares
    assert set(found["robustness"]) == {"upright", "turned", "tall", "others"}


def test_json_leaves_out_what_was_not_measured_and_the_trade_off() -> None:
    found = json.loads(replace(REPORT, photos=None).as_json())
    assert "photos" not in found
    assert "tradeoff" not in found


def test_everything_must_be_there_to_be_asked_for() -> None:
    with pytest.raises(ValueError, match="incomplete"):
        replace(REPORT, things=None).everything()
