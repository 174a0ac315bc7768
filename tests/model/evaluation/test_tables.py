"""The tables of a report, against what they are made from."""

from dataclasses import replace

import pytest

from model.common.labels import NAMES
from model.evaluation import tables
from model.evaluation.metrics import Measures, Negatives
from model.evaluation.report import Report
from tests.helpers.reports import report

REPORT = report()
PLAIN, PHOTOS, THINGS = REPORT.everything()


def cells(table: str, title: str) -> list[str]:
    (line,) = [line for line in table.splitlines() if line.startswith(f"| {title}")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def share(one: float | None) -> str:
    return "–" if one is None else f"{100 * one:.2f}%"


def away(found: Measures) -> list[float | None]:
    return [found.shoes_none, found.rest_none]


def with_confusion(*counts: tuple[int, int, int]) -> Measures:
    table = [[0] * 10 for _ in range(10)]
    for true, said, count in counts:
        table[true][said] = count
    return replace(PHOTOS, confusion=table)


def with_others(others: dict[str, Negatives]) -> Report:
    return replace(REPORT, photos=replace(PHOTOS, others=others))


@pytest.mark.parametrize(
    ("title", "made", "expected"),
    [
        ("file that serves", replace(REPORT, file_bytes=8_000_000), ["≤ 8", "8.00", "met"]),
        ("file that serves", replace(REPORT, file_bytes=8_100_000), ["≤ 8", "8.10", "**missed**"]),
        (
            "Fashion-MNIST, test images: accuracy",
            replace(REPORT, fashion_mnist=replace(PLAIN, accuracy=0.954)),
            ["≥ 95.4%", "95.40%", "met"],
        ),
        (
            "Fashion-MNIST, test images: accuracy",
            replace(REPORT, fashion_mnist=replace(PLAIN, accuracy=0.9539)),
            ["≥ 95.4%", "95.39%", "**missed**"],
        ),
        (
            "photos: accuracy |",
            replace(REPORT, photos=replace(PHOTOS, accuracy=0.92)),
            ["≥ 92%", "92.00%", "met"],
        ),
        (
            "photos: calibration error",
            replace(REPORT, photos=replace(PHOTOS, ece=0.0301)),
            ["≤ 3%", "3.01%", "**missed**"],
        ),
        (
            "Fashion-MNIST, test images: calibration error",
            replace(REPORT, fashion_mnist=replace(PLAIN, ece=0.02)),
            ["≤ 2%", "2.00%", "met"],
        ),
        (
            "other garments",
            with_others({"garments": replace(PHOTOS.others["garments"], auroc=0.94)}),
            ["≥ 0.95", "0.9400", "**missed**"],
        ),
        (
            "other garments",
            with_others({}),
            ["≥ 0.95", "not measured", ""],
        ),
        (
            "garments answered “none”: shoes",
            replace(REPORT, photos=replace(PHOTOS, shoes_none=0.02, rest_none=0.02)),
            ["≤ 0%", "0.00%", "met"],
        ),
        (
            "garments answered “none”: shoes",
            replace(REPORT, photos=replace(PHOTOS, shoes_none=0.05, rest_none=0.02)),
            ["≤ 0%", "3.00%", "**missed**"],
        ),
        (
            "garments answered “none”: shoes",
            replace(REPORT, photos=replace(PHOTOS, shoes_none=None)),
            ["≤ 0%", "not measured", ""],
        ),
        (
            "things of kinds held out: AUROC",
            replace(REPORT, things=replace(THINGS, auroc=0.99)),
            ["≥ 0.99", "0.9900", "met"],
        ),
        (
            "things of kinds held out: answered",
            replace(REPORT, things=replace(THINGS, sure=0.021)),
            ["≤ 2%", "2.10%", "**missed**"],
        ),
        (
            "things of kinds held out: not answered",
            replace(REPORT, things=replace(THINGS, none=0.94)),
            ["≤ 6%", "6.00%", "met"],
        ),
        ("photos turned by", REPORT, ["≥ 87%", "87.00%", "met"]),
        ("photos turned: more", REPORT, ["≤ 2%", "2.00%", "met"]),
        ("tall photos", REPORT, ["≤ 2%", "3.00%", "**missed**"]),
        ("tall photos", replace(REPORT, robustness=None), ["≤ 2%", "not measured", ""]),
        ("bags", replace(REPORT, bags=None), ["≥ 90%", "not measured", ""]),
    ],
)
def test_results_stand_beside_their_targets(title: str, made: Report, expected: list[str]) -> None:
    assert cells(tables.targets(made, 3.0), title) == expected


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (6.0, ["≤ 6", "6.00", "met"]),
        (6.5, ["≤ 6", "6.50", "**missed**"]),
        (None, ["≤ 6", "not measured", ""]),
    ],
)
def test_the_time_for_one_photo_is_measured_elsewhere(
    milliseconds: float | None, expected: list[str]
) -> None:
    assert cells(tables.targets(REPORT, milliseconds), "one photo") == expected


def test_only_classes_with_enough_photos_are_judged() -> None:
    photos = replace(
        with_confusion((0, 0, 20), (1, 1, 19)), per_class={"T-shirt/top": 0.8, "Trouser": 0.1}
    )
    table = tables.targets(replace(REPORT, photos=photos), None)
    assert cells(table, "photos: the worst class") == [
        "≥ 82%",
        "T-shirt/top 80.00%",
        "**missed**",
    ]
    alone = replace(photos, confusion=with_confusion((1, 1, 19)).confusion, per_class={})
    table = tables.targets(replace(REPORT, photos=alone), None)
    assert cells(table, "photos: the worst class") == ["≥ 82%", "not measured", ""]


def test_bags_have_photos_of_their_own() -> None:
    assert REPORT.bags is not None
    table = tables.classes(REPORT)
    assert cells(table, "Bag")[1:] == [f"{100 * REPORT.bags.accuracy:.2f}%", "12"]


def test_classes_without_photos_have_a_dash() -> None:
    table = tables.classes(replace(REPORT, bags=None))
    assert cells(table, "Bag")[1:] == ["–", "0"]
    assert cells(table, "Trouser")[1:] == [f"{100 * PHOTOS.per_class['Trouser']:.2f}%", "60"]
    assert len(table.splitlines()) == 2 + 10


def test_every_collection_has_a_line_of_verdicts() -> None:
    table = tables.verdicts(REPORT)
    assert REPORT.bags is not None
    named = {"photos of garments": PHOTOS, "bags": REPORT.bags, "Fashion-MNIST, test": PLAIN}
    for title, found in named.items():
        said = found.verdicts
        shares = [said.sure, said.sure_accuracy, said.unsure, said.unsure_accuracy, said.none]
        assert cells(table, title) == [share(one) for one in (*shares, *away(found))]
    assert cells(table, "bags")[5] == "–", "there are no shoes"


def test_every_collection_has_a_line_of_measures() -> None:
    table = tables.summary(REPORT)
    assert cells(table, "Fashion-MNIST, test") == [
        *("100", share(PLAIN.accuracy), share(PLAIN.macro_accuracy)),
        *(f"{PLAIN.loss:.4f}", share(PLAIN.ece)),
    ]
    assert cells(table, "photos of garments")[0] == "210"
    assert len(tables.summary(replace(REPORT, photos=None)).splitlines()) == 2 + 2


def test_what_is_not_one_of_the_ten_has_a_line_each() -> None:
    table = tables.negatives(REPORT)
    worst = THINGS.worst[0]
    named = {
        "other garments": PHOTOS.others["garments"],
        "other shoes": PHOTOS.others["shoes"],
        "things of kinds held out (4)": THINGS,
        f"– {worst.name.replace('_', ' ')}": worst,
    }
    for title, found in named.items():
        shares = [share(one) for one in (found.none, found.unsure, found.sure)]
        assert cells(table, title) == [f"{found.photos}", f"{found.auroc:.4f}", *shares]
    assert (cells(table, "other garments")[0], cells(table, "other shoes")[0]) == ("30", "6")
    assert "_" not in table
    assert "other" not in tables.negatives(with_others({}))
    assert tables.negatives(replace(with_others({}), things=None)) == ""


def test_the_calibration_has_a_line_for_each_bin_with_answers() -> None:
    table = tables.reliability(PHOTOS)
    filled = [one for one in PHOTOS.reliability if one.count]
    assert len(table.splitlines()) == 2 + len(filled)
    confidence, accuracy = filled[-1].confidence, filled[-1].accuracy
    last = [str(filled[-1].count), share(confidence), share(accuracy)]
    assert cells(table, "93–100%") == last


def test_the_confusion_is_by_class_and_by_number() -> None:
    table = tables.confusion(with_confusion((0, 0, 1_200), (0, 6, 3)))
    assert cells(table, "0 T-shirt/top") == ["1,200", *"·····", "3", *"···"]
    assert table.startswith("|  | 0 | 1 | 2 |")


def test_only_what_was_measured_is_shown() -> None:
    things = tables.shown(replace(REPORT, fashion_mnist=None, photos=None, bags=None))
    assert "things of kinds held out (4)" in things
    assert "other shoes" not in things
    assert "Confusion" not in things
    text = tables.shown(REPORT)
    assert all(name in text for name in NAMES)
    assert "turned by 180°" in text
    assert text.count("Confusion on") == 3


def test_the_commonest_confusions_come_first() -> None:
    found = with_confusion((0, 0, 90), (0, 6, 10), (6, 0, 12), (6, 6, 12), (2, 4, 10), (2, 2, 10))
    assert tables.confusions(found, "photos").splitlines() == [
        "- Shirt taken for T-shirt/top: 12 of 24 photos (50%)",
        "- Pullover taken for Coat: 10 of 20 photos (50%)",
        "- T-shirt/top taken for Shirt: 10 of 100 photos (10%)",
    ]
    many = with_confusion(*((row, row - 1, 1) for row in range(1, 10)))
    assert len(tables.confusions(many, "photos").splitlines()) == 5


def test_rare_classes_are_named() -> None:
    every = [(row, row, 20) for row in range(10)]
    assert tables.rare(with_confusion(*every)) == ""
    assert tables.rare(with_confusion(*every[:9], (9, 9, 19))) == (
        "Fewer than 20 photos show these: Ankle boot (19)."
    )
    bags = replace(REPORT.bags, images=5) if REPORT.bags else None
    assert tables.rare(with_confusion(*every[:8], every[9]), bags) == (
        "Fewer than 20 photos show these: Bag (5)."
    )
    assert "alone: T-shirt/top, Trouser and Pullover." in tables.rare(with_confusion(*every[3:]))


def test_turned_and_tall_photos_have_a_line_each() -> None:
    assert REPORT.robustness is not None
    table = tables.robustness(REPORT.robustness)
    assert cells(table, "upright") == ["200", "90.00%", "3.00%"]
    assert cells(table, "turned by 180°") == ["200", "91.00%", "5.00%"]
    assert cells(table, "16:9 and taller") == ["50", "88.00%", ""]
