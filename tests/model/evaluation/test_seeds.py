"""The headline figures over several seeds."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.evaluation import seeds
from model.evaluation.model_card_tables import WORST_CLASS
from tests.helpers.reports import report

REPORT = report()
TURNED = "photos turned by 90, 180 and 270°: accuracy"


def write(path: Path, **changes: Any) -> Path:
    """The report as JSON, with other accuracies on photos."""
    found = json.loads(REPORT.as_json())
    found["photos"] |= changes
    path.write_text(json.dumps(found))
    return path


def row(table: str, title: str) -> list[str]:
    (line,) = [line for line in table.splitlines() if line.startswith(f"| {title} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_the_table_has_median_and_range_over_all_seeds(tmp_path: Path) -> None:
    others = [
        seeds.read(write(tmp_path / f"{number}.json", accuracy=accuracy, garment_auroc=0.5))
        for number, accuracy in enumerate((0.1, 0.2, 0.995, 0.999))
    ]
    table = seeds.table(REPORT, others)
    _, photos, things = REPORT.everything()
    assert "median of 5 seeds" in table
    own = f"{100 * photos.accuracy:.2f} %"
    assert row(table, "photos: accuracy") == [own, own, "10.00 % – 99.90 %"]
    auroc = f"{photos.garment_auroc:.4f}"
    assert row(table, "other garments: AUROC") == [auroc, "0.5000", f"0.5000 – {auroc}"]
    same = f"{things.auroc:.4f}"
    assert row(table, "things of kinds held out: AUROC") == [same, same, f"{same} – {same}"]
    assert row(table, TURNED)[:2] == ["87.00 %", "87.00 %"]


def test_a_report_without_turned_photos_leaves_their_line_out(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(replace(REPORT, robustness=None).as_json())
    assert TURNED not in seeds.table(REPORT, [seeds.read(path)])


def test_the_worst_class_is_one_that_is_seen_often_enough(tmp_path: Path) -> None:
    per_class = REPORT.everything()[1].per_class | {"Trouser": 0.3, "Ankle boot": 0.1}
    other = seeds.read(write(tmp_path / "other.json", per_class=per_class))
    own = min(share for name, share in per_class.items() if name not in ("Trouser", "Ankle boot"))
    cells = row(seeds.table(REPORT, [other]), WORST_CLASS)
    assert cells[0] == f"{100 * own:.2f} %"
    assert cells[2].startswith("30.00 % – ")


@pytest.mark.parametrize("text", ["no JSON", "[]", "{}", '{"fashion_mnist": {"accuracy": "?"}}'])
def test_a_file_that_is_no_report_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(seeds.UnusableReportError, match=r"other\.json is no report on everything"):
        seeds.read(path)


def test_a_headline_that_one_lacks_is_left_out(tmp_path: Path) -> None:
    table = seeds.table(REPORT, [seeds.read(write(tmp_path / "a.json", garment_auroc=None))])
    assert "other garments" not in table
    assert "photos: accuracy" in table


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(seeds.UnusableReportError, match=r"gone\.json cannot be read"):
        seeds.read(tmp_path / "gone.json")
