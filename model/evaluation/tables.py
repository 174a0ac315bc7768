"""The tables and lists of a report, in Markdown: the shell prints them, and the card holds them."""

from collections.abc import Iterable, Sequence
from functools import partial

from model.common.labels import NAMES
from model.evaluation.metrics import BINS, Measures, Negatives
from model.evaluation.report import Report
from model.evaluation.robustness import Robustness

ENOUGH = 20  # photos of a class, to judge it by
BAG = "Bag"
WORST_CLASS = f"photos: the worst class of at least {ENOUGH} photos"
SHOES_TURNED_AWAY = "garments answered “none”: shoes more often than the rest"
CONFUSIONS = 5  # are listed
OTHERS = {"garments": ", such as shorts, skirts and hats", "shoes": ", such as pumps and loafers"}

Target = tuple[str, str, str, str]  # a row: what is aimed at, the aim, the result, met or missed


def shown(report: Report) -> str:
    """All tables of what was measured, for the shell."""
    parts = [
        f"**{report.model}**: {report.parameters:,} parameters, {report.file_bytes / 1e6:.2f} MB, "
        f"{report.file}"
    ]
    if report.measured:
        parts += [summary(report), classes(report), verdicts(report)]
    if report.robustness:
        parts.append(robustness(report.robustness))
    if others := negatives(report):
        parts.append(others)
    for name, found in report.measured.items():
        parts += [f"Calibration on {name}:", reliability(found)]
        parts += [f"Confusion on {name}, true (rows) and predicted (columns):", confusion(found)]
    return "\n\n".join(parts)


def summary(report: Report) -> str:
    """A line for each collection of pictures: accuracy, loss, calibration."""
    rows = [
        (
            *(name, f"{found.images:,}", _share(found.accuracy), _share(found.macro_accuracy)),
            *(f"{found.loss:.4f}", _share(found.ece)),
        )
        for name, found in report.measured.items()
    ]
    columns = "images", "accuracy", "mean over classes", "loss", "calibration error"
    return _table(("", *columns), rows)


def targets(report: Report, milliseconds: float | None) -> str:
    """The targets with the results next to them. Raises ValueError unless all was measured."""
    plain, photos, things = report.everything()
    others = photos.others.get("garments")
    rows = [
        _least("Fashion-MNIST, test images: accuracy", 0.954, plain.accuracy),
        _most("Fashion-MNIST, test images: calibration error", 0.02, plain.ece),
        _least("photos: accuracy", 0.92, photos.accuracy),
        _least("photos: accuracy, mean over classes", 0.90, photos.macro_accuracy),
        _worst_class(photos),
        _most("photos: calibration error", 0.03, photos.ece),
        *_robust(report.robustness),
        _least("bags: accuracy", 0.90, report.bags.accuracy if report.bags else None),
        _least("things of kinds held out: AUROC", 0.99, things.auroc, "{:.4f}"),
        _most("things of kinds held out: answered “sure”", 0.02, things.sure),
        _most("things of kinds held out: not answered “none”", 0.06, 1.0 - things.none),
        _most("garments answered “none”", 0.025, photos.verdicts.none),
        _most(SHOES_TURNED_AWAY, 0.0, _shoes_more_often(photos)),
        _least("other garments: AUROC", 0.95, others.auroc if others else None, "{:.4f}"),
        _most("file that serves, in MB", 8.0, report.file_bytes / 1e6, "{:.2f}"),
        _most("one photo on the CPU, in ms", 6.0, milliseconds, "{:.2f}"),
    ]
    return _table(("", "target", "result", ""), rows)


def classes(report: Report) -> str:
    """Each class's accuracy on both, with the number of its photos, those of bags apart."""
    plain, photos = (
        found.per_class if found else {} for found in (report.fashion_mnist, report.photos)
    )
    counts = _counts(report.photos.confusion) if report.photos else dict.fromkeys(NAMES, 0)
    if report.bags and not counts[BAG]:
        counts[BAG], photos = report.bags.images, photos | {BAG: report.bags.accuracy}
    rows = [
        (name, _share(plain.get(name)), _share(photos.get(name)), f"{counts[name]:,}")
        for name in NAMES
    ]
    return _table(("class", "Fashion-MNIST, test", "photos", "number of photos"), rows)


def verdicts(report: Report) -> str:
    """How often each verdict is given on garments, and how often it is right."""
    rows = []
    for name, found in report.measured.items():
        said = found.verdicts
        shares = said.sure, said.sure_accuracy, said.unsure, said.unsure_accuracy, said.none
        rows.append((name, *map(_share, shares), _share(found.shoes_none), _share(found.rest_none)))
    columns = "sure: one name", "right", "unsure: two names", "one is right", "none"
    return _table(("", *columns, "of shoes", "of all else"), rows)


def negatives(report: Report) -> str:
    """How well what is none of the ten is told from garments; empty if none was measured."""
    named: dict[str, Negatives] = {}
    if report.photos:
        named |= {f"other {what}{OTHERS[what]}": one for what, one in report.photos.others.items()}
    if report.things:
        named[f"things of kinds held out ({report.things.kinds})"] = report.things
        named |= {f"– {kind.name.replace('_', ' ')}": kind for kind in report.things.worst}
    rows = [
        (
            *(name, f"{found.photos:,}", f"{found.auroc:.4f}"),
            *map(_share, (found.none, found.unsure, found.sure)),
        )
        for name, found in named.items()
    ]
    columns = "photos", "AUROC", "answered “none”", "“unsure”", "“sure”"
    return _table(("what is not one of the ten", *columns), rows) if rows else ""


def robustness(found: Robustness) -> str:
    """Its accuracy on turned and on tall photos."""
    photos = f"{found.tall.photos + found.others.photos:,}"
    rows = [
        (
            f"turned by {one.degrees}°" if one.degrees else "upright",
            *(photos, _share(one.accuracy), _share(one.sure_and_wrong)),
        )
        for one in (found.upright, *found.turned)
    ]
    rows += [
        (title, f"{shape.photos:,}", _share(shape.accuracy), "")
        for title, shape in (("16:9 and taller", found.tall), ("4:3 and the like", found.others))
    ]
    return _table(("photos of garments", "photos", "right", "sure and wrong"), rows)


def reliability(found: Measures) -> str:
    """Mean confidence and accuracy, a bin a row, without those that are empty."""
    rows = [
        (
            f"{100 * number / BINS:.0f}–{100 * (number + 1) / BINS:.0f}%",
            *(f"{one.count:,}", _share(one.confidence), _share(one.accuracy)),
        )
        for number, one in enumerate(found.reliability)
        if one.count
    ]
    return _table(("confidence", "images", "mean", "accuracy"), rows)


def confusion(found: Measures) -> str:
    """Rows are the true classes, columns the predicted ones, by number."""
    rows = [
        (f"{true} {NAMES[true]}", *(f"{count:,}" if count else "·" for count in counts))
        for true, counts in enumerate(found.confusion)
    ]
    return _table(("", *map(str, range(len(NAMES)))), rows)


def confusions(found: Measures, images: str) -> str:
    """The commonest confusions, a line each."""
    totals = [sum(row) for row in found.confusion]
    pairs = [
        (count, true, said)
        for true, row in enumerate(found.confusion)
        for said, count in enumerate(row)
        if true != said and count
    ]
    # Of as many each, that of the rarer class weighs more.
    pairs.sort(key=lambda pair: (-pair[0], totals[pair[1]]))
    return "\n".join(
        f"- {NAMES[true]} taken for {NAMES[said]}: {count:,} of {totals[true]:,} {images} "
        f"({100 * count / totals[true]:.0f}%)"
        for count, true, said in pairs[:CONFUSIONS]
    )


def rare(photos: Measures, bags: Measures | None = None) -> str:
    """Which classes the photos say little of, in a sentence or two; empty if there is none."""
    counts = _counts(photos.confusion)
    if bags:
        counts[BAG] += bags.images
    absent = [name for name in NAMES if not counts[name]]
    few = [f"{name} ({counts[name]})" for name in NAMES if 0 < counts[name] < ENOUGH]
    said = []
    if absent:
        said.append(f"No photo shows these, measured on Fashion-MNIST alone: {_listed(absent)}.")
    if few:
        said.append(f"Fewer than {ENOUGH} photos show these: {_listed(few)}.")
    return " ".join(said)


def _target(sign: str, what: str, aim: float, result: float | None, form: str = "") -> Target:
    bound = f"{sign} {aim:,.10g}" if form else f"{sign} {100 * aim:.10g}%"
    if result is None:
        return what, bound, "not measured", ""
    # Rounded, so that a result equal to the aim meets it despite binary fractions.
    rounded = round(result, 9)
    met = rounded >= aim if sign == "≥" else rounded <= aim
    shown = form.format(result) if form else _share(result)
    return what, bound, shown, "met" if met else "**missed**"


_least, _most = partial(_target, "≥"), partial(_target, "≤")


def _robust(found: Robustness | None) -> list[Target]:
    turned = found.accuracy_turned if found else None
    more = found.sure_and_wrong_turned - found.upright.sure_and_wrong if found else None
    taller = found.lost_where_tall if found else None
    return [
        _least("photos turned by 90, 180 and 270°: accuracy", 0.87, turned),
        _most("photos turned: more of them sure and wrong than upright", 0.02, more),
        _most("tall photos (16:9): accuracy lost against the others", 0.02, taller),
    ]


def _shoes_more_often(photos: Measures) -> float | None:
    if photos.shoes_none is None or photos.rest_none is None:
        return None
    return photos.shoes_none - photos.rest_none


def _worst_class(photos: Measures) -> Target:
    counts = _counts(photos.confusion)
    shares = {name: share for name, share in photos.per_class.items() if counts[name] >= ENOUGH}
    worst = min(shares, key=lambda name: shares[name], default=None)
    what, aim, result, met = _least(WORST_CLASS, 0.82, shares[worst] if worst else None)
    return what, aim, f"{worst} {result}" if worst else result, met


def _counts(confusion: Sequence[Sequence[int]]) -> dict[str, int]:
    return {name: sum(row) for name, row in zip(NAMES, confusion, strict=True)}


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f}%"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose columns are right-aligned, except the first."""
    rule = ["---", *["---:"] * (len(columns) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows))
