"""The report of `evaluate`."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from model.common.labels import NAMES
from model.evaluation.report import Report
from tests.helpers.reports import report

REPORT = report()


def shown(made: Report) -> str:
    file = io.StringIO()
    made.show(Console(file=file, width=120))
    return file.getvalue()


def line(text: str, title: str) -> list[str]:
    """What stands in the first line with this title, cell by cell."""
    found = next(line for line in text.splitlines() if line.strip().startswith(title))
    return found.strip().removeprefix(title).replace(" %", "%").split()


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


def test_tables_have_the_same_figures() -> None:
    text = shown(REPORT)
    plain, photos, things = REPORT.everything()
    shares = [f"{100 * one.verdicts.sure:.2f}%" for one in (plain, photos, REPORT.bags) if one]
    assert line(text, "answered “sure”") == shares
    shares = [f"{100 * (one.shoes_none or 0):.2f}%" for one in (plain, photos)]
    assert line(text, "of sandals, sneakers and ankle boots") == [*shares, "–"]
    assert line(text, "one of the two right")[1] == (
        f"{100 * (photos.verdicts.unsure_accuracy or 0):.2f}%"
    )
    worst = things.worst[0]
    negatives = {
        "other garments": photos.others["garments"],
        "other shoes": photos.others["shoes"],
        "things of 4 kinds": things,
        worst.name.replace("_", " "): worst,
    }
    for title, found in negatives.items():
        shares = [f"{100 * share:.2f}%" for share in (found.none, found.unsure, found.sure)]
        assert line(text, title) == [f"{found.photos}", f"{found.auroc:.4f}", *shares]
    assert line(text, "turned by 180°") == ["200", "91.00%", "5.00%"]
    assert line(text, "16:9 and taller")[:2] == ["50", "88.00%"]
    assert all(name in text for name in NAMES)


def test_the_calibration_has_a_line_for_each_bin_with_answers() -> None:
    text = shown(replace(REPORT, fashion_mnist=None, bags=None, things=None))
    table = text[text.index("Calibration on photos") : text.index("Confusion on photos")]
    filled = [one for one in REPORT.everything()[1].reliability if one.count]
    # Title, header and rule, then the bins, then an empty line.
    assert len(table.splitlines()) == 3 + len(filled) + 1
    confidence, accuracy = filled[-1].confidence or 0.0, filled[-1].accuracy or 0.0
    assert line(table, "93–100 %") == [
        str(filled[-1].count),
        f"{100 * confidence:.2f}%",
        f"{100 * accuracy:.2f}%",
    ]


def test_things_alone_have_their_table_alone() -> None:
    text = shown(replace(REPORT, fashion_mnist=None, photos=None, bags=None))
    assert "things of 4 kinds" in text
    assert "other shoes" not in text
    assert "Confusion" not in text


def test_everything_must_be_there_to_be_asked_for() -> None:
    with pytest.raises(ValueError, match="incomplete"):
        replace(REPORT, things=None).everything()
