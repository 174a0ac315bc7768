"""The card's tables, against the report that they are made from."""

from dataclasses import replace

import pytest

from model.evaluation import model_card_tables
from model.evaluation.metrics import Measures
from model.evaluation.report import Report
from tests.helpers.reports import report

REPORT = report()
PLAIN, PHOTOS, NOTHING = REPORT.everything()


def cells(table: str, title: str) -> list[str]:
    (line,) = [line for line in table.splitlines() if line.startswith(f"| {title}")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def with_confusion(*counts: tuple[int, int, int]) -> Measures:
    table = [[0] * 10 for _ in range(10)]
    for true, said, count in counts:
        table[true][said] = count
    return replace(PHOTOS, confusion=table)


@pytest.mark.parametrize(
    ("title", "made", "expected"),
    [
        ("parameters", replace(REPORT, parameters=999_999), ["< 1,000,000", "999,999", "met"]),
        (
            "parameters",
            replace(REPORT, parameters=1_000_000),
            ["< 1,000,000", "1,000,000", "**missed**"],
        ),
        ("file", replace(REPORT, file_bytes=6_000_000), ["≤ 6", "6.00", "met"]),
        ("file", replace(REPORT, file_bytes=6_100_000), ["≤ 6", "6.10", "**missed**"]),
        (
            "Fashion-MNIST, test images: accuracy",
            replace(REPORT, fashion_mnist=replace(PLAIN, accuracy=0.954)),
            ["≥ 95.4 %", "95.40 %", "met"],
        ),
        (
            "Fashion-MNIST, test images: accuracy",
            replace(REPORT, fashion_mnist=replace(PLAIN, accuracy=0.9539)),
            ["≥ 95.4 %", "95.39 %", "**missed**"],
        ),
        (
            "photos: accuracy",
            replace(REPORT, photos=replace(PHOTOS, accuracy=0.9)),
            ["≥ 90 %", "90.00 %", "met"],
        ),
        (
            "photos: calibration error",
            replace(REPORT, photos=replace(PHOTOS, ece=0.0401)),
            ["≤ 4 %", "4.01 %", "**missed**"],
        ),
        (
            "Fashion-MNIST, test images: calibration error",
            replace(REPORT, fashion_mnist=replace(PLAIN, ece=0.02)),
            ["≤ 2 %", "2.00 %", "met"],
        ),
        (
            "other garments",
            replace(REPORT, photos=replace(PHOTOS, garment_auroc=0.79)),
            ["≥ 0.8", "0.7900", "**missed**"],
        ),
        (
            "other garments",
            replace(REPORT, photos=replace(PHOTOS, garment_auroc=None)),
            ["≥ 0.8", "not measured", ""],
        ),
        (
            "no garment at all, kinds held out",
            replace(
                REPORT, nothing=replace(NOTHING, held_out=replace(NOTHING.held_out, auroc=0.97))
            ),
            ["≥ 0.97", "0.9700", "met"],
        ),
    ],
)
def test_results_stand_beside_their_targets(title: str, made: Report, expected: list[str]) -> None:
    assert cells(model_card_tables.targets(made, 3.0), title) == expected


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (4.0, ["≤ 4", "4.00", "met"]),
        (4.5, ["≤ 4", "4.50", "**missed**"]),
        (None, ["≤ 4", "not measured", ""]),
    ],
)
def test_the_time_for_one_photo_is_measured_elsewhere(
    milliseconds: float | None, expected: list[str]
) -> None:
    assert cells(model_card_tables.targets(REPORT, milliseconds), "one photo") == expected


def test_only_classes_with_enough_photos_are_judged() -> None:
    photos = replace(
        with_confusion((0, 0, 20), (1, 1, 19)), per_class={"T-shirt/top": 0.8, "Trouser": 0.1}
    )
    table = model_card_tables.targets(replace(REPORT, photos=photos), None)
    assert cells(table, "photos: the worst class") == ["≥ 75 %", "T-shirt/top 80.00 %", "met"]
    alone = replace(photos, confusion=with_confusion((1, 1, 19)).confusion, per_class={})
    table = model_card_tables.targets(replace(REPORT, photos=alone), None)
    assert cells(table, "photos: the worst class") == ["≥ 75 %", "not measured", ""]


def test_classes_without_photos_have_a_dash() -> None:
    table = model_card_tables.classes(REPORT)
    assert cells(table, "Bag")[1:] == ["–", "0"]
    assert cells(table, "Trouser")[1:] == [f"{100 * PHOTOS.per_class['Trouser']:.2f} %", "60"]
    assert len(table.splitlines()) == 2 + 10


def test_verdicts_are_of_photos_and_of_fashion_mnist() -> None:
    table = model_card_tables.verdicts(REPORT)
    said = PHOTOS.verdicts
    assert cells(table, "sure")[:2] == [
        f"{100 * share:.2f} %" for share in (said.sure, said.sure_accuracy or 0.0)
    ]
    assert cells(table, "none")[1] == "–"
    assert cells(table, "other garments")[0] == "30"
    held_out = NOTHING.held_out
    assert cells(table, "no garment at all, kinds held out (2)") == [
        "20",
        f"{held_out.auroc:.4f}",
        f"{100 * held_out.none:.2f} %",
    ]
    without = replace(REPORT, photos=replace(PHOTOS, garment_auroc=None, others_none=None))
    assert "other garments" not in model_card_tables.verdicts(without)


def test_the_commonest_confusions_come_first() -> None:
    found = with_confusion((0, 0, 90), (0, 6, 10), (6, 0, 12), (6, 6, 12), (2, 4, 10), (2, 2, 10))
    assert model_card_tables.confusions(found, "photos").splitlines() == [
        "- Shirt taken for T-shirt/top: 12 of 24 photos (50 %)",
        "- Pullover taken for Coat: 10 of 20 photos (50 %)",
        "- T-shirt/top taken for Shirt: 10 of 100 photos (10 %)",
    ]
    many = with_confusion(*((row, row - 1, 1) for row in range(1, 10)))
    assert len(model_card_tables.confusions(many, "photos").splitlines()) == 5


def test_rare_classes_are_named() -> None:
    every = [(row, row, 20) for row in range(10)]
    assert model_card_tables.rare(with_confusion(*every)) == ""
    assert model_card_tables.rare(with_confusion(*every[:9], (9, 9, 19))) == (
        "Fewer than 20 photos show these: Ankle boot (19)."
    )
    assert "alone: T-shirt/top, Trouser and Pullover." in model_card_tables.rare(
        with_confusion(*every[3:])
    )


def test_the_worst_kinds_are_in_a_line() -> None:
    line = model_card_tables.worst_kinds(NOTHING)
    assert line.startswith(f"{NOTHING.worst[0].name} ({NOTHING.worst[0].auroc:.4f}), ")
