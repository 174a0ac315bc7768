"""The tables and lists of a model's card, in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.common.labels import NAMES
from model.evaluation.metrics import Measures, Nothing
from model.evaluation.report import Report

ENOUGH = 20  # photos of a class, to judge it by
WORST_CLASS = f"photos: the worst class of at least {ENOUGH} photos"
CONFUSIONS = 5  # are listed
MET = {True: "met", False: "**missed**", None: ""}


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at, what it came to, and whether that is met; None: not measured."""

    what: str
    aim: str
    result: str
    met: bool | None


def targets(report: Report, milliseconds: float | None) -> str:
    """The targets with the results next to them. Raises ValueError unless all was measured."""
    plain, photos, nothing = report.everything()
    aims = [
        _least("Fashion-MNIST, test images: accuracy", 0.954, plain.accuracy),
        Target(
            "parameters", "< 1,000,000", f"{report.parameters:,}", report.parameters < 1_000_000
        ),
        _least("photos: accuracy", 0.90, photos.accuracy),
        _worst_class(photos),
        _most("Fashion-MNIST, test images: calibration error", 0.02, plain.ece),
        _most("photos: calibration error", 0.04, photos.ece),
        _least("no garment at all, kinds held out: AUROC", 0.97, nothing.held_out.auroc, "{:.4f}"),
        _least("other garments: AUROC", 0.80, photos.garment_auroc, "{:.4f}"),
        _most("file, in MB", 6.0, report.file_bytes / 1e6, "{:.2f}"),
        _most("one photo on the CPU, in ms", 4.0, milliseconds, "{:.2f}"),
    ]
    rows = [f"| {one.what} | {one.aim} | {one.result} | {MET[one.met]} |" for one in aims]
    return _lines("| | target | result | |", "| --- | ---: | ---: | --- |", *rows)


def classes(report: Report) -> str:
    """Each class's accuracy on both, with the number of its photos."""
    plain, photos, _ = report.everything()
    counts = _counts(photos.confusion)
    rows = [
        f"| {name} | {_share(plain.per_class.get(name))} | {_share(photos.per_class.get(name))} "
        f"| {counts[name]:,} |"
        for name in NAMES
    ]
    header = "| class | Fashion-MNIST, test | photos | number of photos |"
    return _lines(header, "| --- | ---: | ---: | ---: |", *rows)


def verdicts(report: Report) -> str:
    """What it says of garments, how right that is, and what it says of all else."""
    plain, photos, nothing = report.everything()
    said = [photos.verdicts, plain.verdicts]
    sure = " | ".join(f"{_share(one.sure)} | {_share(one.sure_accuracy)}" for one in said)
    unsure = " | ".join(f"{_share(one.unsure)} | {_share(one.unsure_accuracy)}" for one in said)
    none = " | ".join(f"{_share(one.none)} | –" for one in said)
    garments = _lines(
        "| verdict | photos of garments | of these right | Fashion-MNIST, test | of these right |",
        "| --- | ---: | ---: | ---: | ---: |",
        f"| sure: one name | {sure} |",
        f"| unsure: two names, one of them right | {unsure} |",
        f"| none | {none} |",
    )
    groups = {
        "no garment at all, kinds held out": nothing.held_out,
        "no garment at all, kinds trained on": nothing.training,
    }
    rest = [
        f"| {name} ({one.kinds}) | {one.pictures:,} | {one.auroc:.4f} | {_share(one.none)} |"
        for name, one in groups.items()
    ]
    if photos.garment_auroc is not None:
        rest.insert(
            0,
            f"| other garments | {photos.others:,} | {photos.garment_auroc:.4f} "
            f"| {_share(photos.others_none)} |",
        )
    header = "| what is not one of the ten | pictures | AUROC | answered “none” |"
    return garments + "\n\n" + _lines(header, "| --- | ---: | ---: | ---: |", *rest)


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
    return _lines(
        *(
            f"- {NAMES[true]} taken for {NAMES[said]}: {count:,} of {totals[true]:,} {images} "
            f"({100 * count / totals[true]:.0f} %)"
            for count, true, said in pairs[:CONFUSIONS]
        )
    )


def worst_kinds(nothing: Nothing) -> str:
    """The kinds of picture without a garment that are told worst, in a line."""
    return ", ".join(f"{kind.name} ({kind.auroc:.4f})" for kind in nothing.worst)


def rare(photos: Measures) -> str:
    """Which classes the photos say little of, in a sentence or two; empty where there is none."""
    counts = _counts(photos.confusion)
    absent = [name for name in NAMES if not counts[name]]
    few = [f"{name} ({counts[name]})" for name in NAMES if 0 < counts[name] < ENOUGH]
    said = []
    if absent:
        said.append(f"No photo shows these, measured on Fashion-MNIST alone: {_listed(absent)}.")
    if few:
        said.append(f"Fewer than {ENOUGH} photos show these: {_listed(few)}.")
    return " ".join(said)


def judged(per_class: Mapping[str, float], confusion: Sequence[Sequence[int]]) -> dict[str, float]:
    """The shares of the classes of which there are ENOUGH pictures; both as in `Measures`."""
    counts = _counts(confusion)
    return {name: share for name, share in per_class.items() if counts[name] >= ENOUGH}


def _least(what: str, aim: float, result: float | None, form: str = "") -> Target:
    met = None if result is None else result >= aim
    return Target(what, f"≥ {_aim(aim, form)}", _result(result, form), met)


def _most(what: str, aim: float, result: float | None, form: str = "") -> Target:
    met = None if result is None else result <= aim
    return Target(what, f"≤ {_aim(aim, form)}", _result(result, form), met)


def _worst_class(photos: Measures) -> Target:
    shares = judged(photos.per_class, photos.confusion)
    worst = min(shares, key=lambda name: shares[name], default=None)
    found = _least(WORST_CLASS, 0.75, shares[worst] if worst else None)
    if worst is None:
        return found
    return Target(WORST_CLASS, found.aim, f"{worst} {found.result}", found.met)


def _counts(confusion: Sequence[Sequence[int]]) -> dict[str, int]:
    """How many pictures there are of each class."""
    return {name: sum(row) for name, row in zip(NAMES, confusion, strict=True)}


def _aim(aim: float, form: str) -> str:
    return f"{aim:,.10g}" if form else f"{100 * aim:.10g} %"


def _result(result: float | None, form: str) -> str:
    return "not measured" if result is None else form.format(result) if form else _share(result)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
