"""The documents: links and paths lead somewhere, commands exist, percentages are English."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "deploy", "docs", "model", "tests")
TEXTS = {".acl", ".env", ".example", ".lua", ".md", ".py", ".toml", ".yaml", ".yml", ""}


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def texts() -> Iterator[Path]:
    """Everything that a person reads or writes, in the order of its names."""
    found = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*")]
    for file in sorted([*found, *ROOT.glob("*"), ROOT / ".ci" / "run", ROOT / ".env.example"]):
        if file.is_file() and file.suffix in TEXTS:
            yield file


DOCUMENTS = [file for file in texts() if file.suffix == ".md"]
# A model's card is written with the model: tests/model/evaluation.
WRITTEN = [file for file in DOCUMENTS if file.name != "MODEL_CARD.md"]
# History names files as they were called then.
TODAY = [file for file in DOCUMENTS if file.name != "CHANGELOG.md"]


def headings(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub names them."""
    found = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    # The card's template is filled in and written next to a model.
    pictures = document.name == "model_card.md"

    for target in targets:
        path, _, anchor = target.partition("#")
        if "://" in target or (pictures and path.endswith(".png")):
            continue
        linked = document.parent / path if path else document
        assert linked.exists(), target
        assert not anchor or anchor in headings(linked), target


@pytest.mark.parametrize("document", TODAY, ids=name)
def test_paths_exist(document: Path) -> None:
    spoken_of = rf"`((?:{'|'.join(FOLDERS)})/[\w./*-]*)`"

    for path in re.findall(spoken_of, document.read_text("utf-8")):
        assert list(ROOT.glob(path)), path


def test_documents_that_are_named_exist() -> None:
    named = [
        (path, name(file))
        for file in texts()
        for path in re.findall(r"\bdocs/[\w/-]+\.\w+", file.read_text("utf-8"))
    ]

    assert len(named) > 50
    assert not [(path, file) for path, file in named if not (ROOT / path).is_file()]


def test_commands_exist() -> None:
    command = r"python -m ((?:bot|model|tests)(?:\.\w+)*)"
    named = [
        (module, name(file))
        for file in texts()
        for module in re.findall(command, file.read_text("utf-8"))
    ]

    assert len(named) > 30
    for module, file in named:
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), (module, file)


@pytest.mark.parametrize("document", WRITTEN, ids=name)
def test_percentages_are_written_as_in_english(document: Path) -> None:
    assert not re.findall(r"\d[ \u00a0\u202f]%", document.read_text("utf-8"))
