"""The commands that measure, as a person or a script runs them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.common.labels import NAMES
from model.datasets import pasted_bags
from tests.helpers.cli import Run, lines
from tests.helpers.photo_folders import bag_folder, photo_folder, thing_folder

pytestmark = pytest.mark.usefixtures("tiny")


@pytest.fixture
def data_sets(tmp_path: Path) -> Path:
    """A DATASETS_DIR with a few photos of garments, bags and things."""
    folder = tmp_path / "data-sets"
    photo_folder(folder, "clothing-photos")
    bag_folder(folder)
    thing_folder(folder)
    return folder


class TestEvaluate:
    def test_it_prints_one_json_object(self, run: Run, model: Path) -> None:
        (found,) = lines(run("evaluate", model, "--json"))
        assert found["model"] == "plain"
        assert found["parameters"] == 785 * 50 + 51 * 50 + 51 * 10
        assert found["file_bytes"] == model.with_suffix(".tflite").stat().st_size
        assert "photos" not in found
        assert "things" not in found
        measured = found["fashion_mnist"]
        assert measured["images"] == 60
        assert measured["accuracy"] == np.trace(measured["confusion"]) / 60
        assert set(measured["per_class"]) == set(NAMES)
        assert measured["loss"] > 0
        assert 0 <= measured["ece"] <= 1

    def test_it_prints_tables_for_people(self, run: Run, model: Path) -> None:
        shown = run("evaluate", model).stdout
        assert "42,310 parameters" in shown
        assert "accuracy" in shown
        assert all(name in shown for name in NAMES)

    def test_with_photos_it_measures_on_all(
        self,
        run: Run,
        model: Path,
        tmp_path: Path,
        data_sets: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        folder = photo_folder(tmp_path)
        monkeypatch.setenv("DATASETS_DIR", str(data_sets))
        (found,) = lines(run("evaluate", model, "--json", "--photos", folder))
        assert found["fashion_mnist"]["images"] == 60
        assert found["photos"]["images"] == 2
        assert {what: one["photos"] for what, one in found["photos"]["others"].items()} == {
            "garments": 1
        }
        assert (found["things"]["garments"], found["things"]["photos"]) == (2, 4)
        assert found["bags"]["images"] == 1 + pasted_bags.PASTED_EACH
        assert [one["degrees"] for one in found["robustness"]["turned"]] == [90, 180, 270]
        assert found["robustness"]["others"]["photos"] == 2

    def test_what_cannot_be_had_is_said(self, run: Run, model: Path, tmp_path: Path) -> None:
        result = run("evaluate", model, "--json", "--photos", photo_folder(tmp_path))
        (found,) = lines(result)
        assert found["photos"]["images"] == 2
        assert not {"bags", "things"} & set(found)
        said = result.stderr.splitlines()
        assert [line.partition(".")[0] for line in said] == [
            "Not measured: bags",
            "Not measured: things",
        ]
        assert all("set DATASETS_DIR" in line for line in said)

    @pytest.mark.parametrize(
        ("on", "parts"),
        [
            ("photos", {"photos", "robustness"}),
            ("bags", {"bags"}),
            ("things", {"things"}),
            ("fashion-mnist", {"fashion_mnist"}),
            ("all", {"photos", "robustness", "bags", "things", "fashion_mnist"}),
        ],
    )
    def test_it_measures_on_what_is_asked_for(
        self,
        run: Run,
        model: Path,
        data_sets: Path,
        monkeypatch: pytest.MonkeyPatch,
        on: str,
        parts: set[str],
    ) -> None:
        monkeypatch.setenv("DATASETS_DIR", str(data_sets))
        (found,) = lines(run("evaluate", model, "--json", "--on", on))
        measured = {"photos", "robustness", "bags", "things", "fashion_mnist"}
        assert measured & set(found) == parts

    def test_a_photo_of_a_thing_that_cannot_be_read_is_named(
        self,
        run: Run,
        model: Path,
        tmp_path: Path,
        data_sets: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("DATASETS_DIR", str(data_sets))
        for path in data_sets.rglob("*.jpg"):
            path.write_bytes(b"damaged")
        folder = photo_folder(tmp_path)
        result = run("evaluate", model, "--on", "things", "--photos", folder)
        assert result.exit_code == 1 and "Traceback" not in result.stderr
        assert "is in the list of photos but cannot be read" in result.stderr

    def test_a_split_is_chosen(self, run: Run, model: Path, tmp_path: Path) -> None:
        options = ("--json", "--photos", photo_folder(tmp_path), "--on", "photos", "--split", "all")
        (found,) = lines(run("evaluate", model, *options))
        assert found["photos"]["images"] == 3

    def test_it_finds_the_photos_of_the_data_sets(
        self, run: Run, model: Path, data_sets: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATASETS_DIR", str(data_sets))
        shown = run("evaluate", model).stdout
        assert "photos" in shown
        assert "what is not one of the" in shown
        assert "– lamp" in shown
        assert "turned by 270°" in shown


class TestFailures:
    def test_every_photo_that_is_wrong_is_on_a_sheet(
        self, run: Run, model: Path, tmp_path: Path
    ) -> None:
        # All else is turned away by the second card, and nothing by the first.
        strict = tmp_path / "strict.keras"
        strict.write_bytes(model.read_bytes())
        strict.with_suffix(".json").write_text('{"version": "strict-1", "garment": 1.0}')
        folder = photo_folder(tmp_path)
        options = ("--photos", folder, "--split", "all")
        result = run("failures", "--model", model, "--out", tmp_path / "plain", *options)
        assert result.exit_code == 0
        assert str(tmp_path / "plain" / "others-1.png") in result.stdout.splitlines()
        result = run("failures", "--model", strict, "--out", tmp_path / "strict", *options)
        assert result.stdout.splitlines() == [str(tmp_path / "strict" / "turned-away-1.png")]
        with Image.open(tmp_path / "strict" / "turned-away-1.png") as sheet:
            assert min(sheet.size) > 300

    def test_a_folder_that_cannot_be_written_to_is_named(
        self, run: Run, model: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "out" / "others-1.png").mkdir(parents=True)
        result = run(
            "failures", "--model", model, "--out", "out", "--photos", photo_folder(tmp_path)
        )
        assert result.exit_code == 1
        assert "others-1.png cannot be written" in result.stderr


class TestCard:
    @pytest.fixture(autouse=True)
    def _with_data_sets(self, data_sets: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATASETS_DIR", str(data_sets))

    def test_it_writes_the_card_with_its_pictures_beside_the_model(
        self, run: Run, model: Path, tmp_path: Path
    ) -> None:
        file = tmp_path / "models" / "mine.keras"
        file.parent.mkdir()
        file.write_bytes(model.read_bytes())
        result = run(
            *("card", "--model", file, "--photos", photo_folder(tmp_path)),
            *("--milliseconds", 3.5, "--training-time", "a while"),
        )
        assert result.exit_code == 0
        names = [
            "calibration.png",
            "thresholds.png",
            "confusion-photos.png",
            "confusion-fashion-mnist.png",
            "MODEL_CARD.md",
            "facts.json",
        ]
        assert result.stdout.splitlines() == [str(file.parent / name) for name in names]
        for name in names[:4]:
            with Image.open(file.parent / name) as picture:
                assert min(picture.size) > 400
        text = (file.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
        assert text.startswith("# Model card: `mine`")
        assert "| 3.50 | met |" in text
        assert "a while" in text
        facts = json.loads((file.parent / "facts.json").read_text(encoding="utf-8"))
        assert facts["version"] == "mine"
        assert 0.0 <= facts["figures"]["photos"] <= 1.0

    def test_it_writes_where_it_is_told_to(self, run: Run, model: Path, tmp_path: Path) -> None:
        photos = photo_folder(tmp_path)
        assert run("card", "--model", model, "--photos", photos, "--out", "x/y").exit_code == 0
        assert len(list((tmp_path / "x" / "y").iterdir())) == 6


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("evaluate gone.keras", "gone.keras"),
        ("evaluate --on photos", "--photos"),
        ("evaluate --on things", "--photos"),
        ("evaluate --on things --photos photos", "Photos of things"),
        ("evaluate --on bags", "no photos of bags"),
        ("evaluate --on bags --photos photos", "leave out --on"),
        ("evaluate --photos gone", "labels.csv"),
        ("evaluate --on fashion-mnist --photos gone", "leave out --on"),
        ("evaluate --photos photos --split holdout", "split holdout"),
        ("failures --out x", "--photos"),
        ("failures --out file --photos photos", "cannot be created"),
        ("failures --out x --photos photos --model gone.keras", "gone.keras"),
        ("card", "--photos"),
        ("card --photos photos --out file", "cannot be created"),
        ("card --photos photos --model gone.keras --out x", "gone.keras"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(
    run: Run, tmp_path: Path, arguments: str, sentence: str
) -> None:
    (tmp_path / "file").touch()
    photo_folder(tmp_path)
    result = run(*arguments.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    result = run("evaluate")
    assert result.exit_code == 1
    assert result.stderr.startswith("LOG_LEVEL is wrong")


def test_without_the_trainers_packages_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.cli.training_common.find_spec", lambda _: None)
    result = run("evaluate")
    assert result.exit_code == 1
    assert "requirements/trainer.txt" in result.stderr
