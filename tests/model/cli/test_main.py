"""The command line, as a person or a script runs it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.common.labels import NAMES
from model.photos import decode
from model.serving.chart_layout import WHOLE
from model.serving.classifier import Classifier
from tests.helpers.cli import Run, lines
from tests.helpers.models import compile_next_to


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Eleven photos, more than a batch."""
    names = [f"{number}.png" for number in range(11)]
    generator = np.random.default_rng(0)
    for name in names:
        pixels = generator.integers(0, 256, (40, 30, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / name)
    return names


class TestClassify:
    def test_json_is_one_object_a_photo_in_their_order(
        self, run: Run, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        result = run("classify", *photos, "--model", model, "--json")
        assert result.exit_code == 0
        answers = lines(result)
        assert [answer["photo"] for answer in answers] == photos
        images = [decode.decode((tmp_path / name).read_bytes()) for name in photos]
        predictions = Classifier.load(model.with_suffix(".tflite")).classify(images)
        for answer, prediction in zip(answers, predictions, strict=True):
            assert answer == {
                "photo": answer["photo"],
                "garment": prediction.label.name,
                "verdict": prediction.verdict,
                "probability": max(prediction.probabilities),
                "probabilities": dict(zip(NAMES, prediction.probabilities, strict=True)),
                "garment_score": prediction.garment_score,
                "model": "plain",
            }

    def test_what_cannot_be_read_has_an_error_and_the_rest_an_answer(
        self, run: Run, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
        asked = [photos[0], "gone.jpg", "folder", "broken.jpg", photos[1]]
        result = run("classify", "--json", "--model", model, *asked)
        assert result.exit_code == 1
        answers = lines(result)
        assert [answer["photo"] for answer in answers] == asked
        assert ["error" in answer for answer in answers] == [False, True, True, True, False]
        assert set(answers[1]) == {"photo", "error"}

    def test_for_people_a_line_each_and_errors_apart(
        self, run: Run, model: Path, photos: list[str]
    ) -> None:
        result = run("classify", photos[0], "gone.jpg", "--model", model)
        assert result.exit_code == 1
        assert result.stdout.startswith(f"{photos[0]}: ")
        assert "%" in result.stdout
        assert result.stderr == "gone.jpg: There is no such file: check its name.\n"

    def test_a_folder_stands_for_its_photos(
        self, run: Run, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        inner = tmp_path / "folder" / "inner"
        inner.mkdir(parents=True)
        for name, photo_name in (("folder/b.PNG", photos[0]), ("folder/inner/a.png", photos[1])):
            (tmp_path / name).write_bytes((tmp_path / photo_name).read_bytes())
        (tmp_path / "folder" / "notes.txt").write_text("no photo")
        answers = lines(run("classify", "folder", photos[2], "--model", model, "--json"))
        assert [answer["photo"] for answer in answers] == [
            *("folder/b.PNG", "folder/inner/a.png", photos[2])
        ]

    def test_an_empty_folder_is_told_of(self, run: Run, model: Path, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        result = run("classify", "empty", "--model", model)
        assert result.exit_code == 1
        assert result.stderr.startswith("empty: There are no photos in this folder")

    def test_a_dash_is_standard_input(
        self, run: Run, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        data = (tmp_path / photos[0]).read_bytes()
        (read,) = lines(run("classify", "-", "--model", model, "--json", stdin=data))
        (named,) = lines(run("classify", photos[0], "--model", model, "--json"))
        assert read["photo"] == "-"
        assert read["probabilities"] == named["probabilities"]

    def test_the_verdict_none_still_names_the_nearest(
        self, run: Run, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        strict = tmp_path / "strict.keras"
        strict.write_bytes(model.read_bytes())
        strict.with_suffix(".json").write_text('{"version": "strict-1", "garment": 1.0}')
        refused = run("classify", photos[0], "--model", strict)
        assert "strict.keras is not compiled: run `python -m model compile" in refused.stderr
        compile_next_to(strict)
        shown = run("classify", photos[0], "--model", strict)
        assert "None of the ten garments; the nearest is " in shown.stdout
        (answer,) = lines(run("classify", photos[0], "--model", strict, "--json"))
        assert answer["verdict"] == "none"
        assert answer["model"] == "strict-1"
        assert answer["garment"] in NAMES

    def test_a_chart_is_a_picture(self, run: Run, model: Path, photos: list[str]) -> None:
        assert run("classify", photos[0], "--model", model, "--chart", "a.png").exit_code == 0
        with Image.open("a.png") as chart:
            assert (chart.format, chart.width) == ("PNG", WHOLE.width)
        assert run("classify", photos[0], "--model", model, "--chart", "a.JPG").exit_code == 0
        with Image.open("a.JPG") as chart:
            assert (chart.format, chart.width) == ("JPEG", WHOLE.width)

    def test_a_chart_of_another_kind_is_refused_before_anything_is_read(
        self, run: Run, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        result = run("classify", photos[0], "--model", model, "--chart", "a.txt")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            "a.txt cannot be written: choose a file name that ends in .png, .jpg, .jpeg.\n"
        )
        assert not (tmp_path / "a.txt").exists()

    def test_charts_of_several_photos_are_numbered_as_they_were_asked_for(
        self, run: Run, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        run("classify", photos[0], "gone.jpg", photos[1], "--model", model, "--chart", "a.png")
        assert sorted(file.name for file in tmp_path.glob("a*.png")) == ["a-1.png", "a-3.png"]

    def test_a_chart_that_cannot_be_written_is_named(
        self, run: Run, model: Path, photos: list[str]
    ) -> None:
        result = run("classify", photos[0], "--model", model, "--chart", "no/where/a.png")
        assert result.exit_code == 1
        assert result.stderr.startswith("no/where/a.png cannot be written")

    def test_without_a_model_there_is_nothing_on_stdout(self, run: Run, photos: list[str]) -> None:
        result = run("classify", photos[0], "--json", "--model", "gone.keras")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "gone.keras" in result.stderr

    def test_a_whole_process_says_nothing_but_the_answer(
        self, model: Path, photos: list[str], tmp_path: Path
    ) -> None:
        command = [sys.executable, "-m", "model", "classify", "--json", "--model", str(model)]
        done = subprocess.run(
            [*command, *(str(tmp_path / name) for name in photos)],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0
        assert [json.loads(line)["model"] for line in done.stdout.splitlines()] == ["plain"] * 11
        assert done.stderr == ""


@pytest.mark.usefixtures("tiny")
class TestExercise:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Figures of few pixels: most of their time is for these."""
        monkeypatch.setattr("model.evaluation.figures.DPI", 30)

    def test_train_writes_the_model_and_its_history(self, run: Run, tmp_path: Path) -> None:
        out = tmp_path / "models" / "mine.keras"
        result = run("train", "--out", out, "--epochs", 2, "--batch-size", 16, "--seed", 5)
        assert result.exit_code == 0
        assert "Epoch 2/2" in result.stderr
        kept = json.loads(out.with_suffix(".history.json").read_text())
        assert len(kept["epochs"]) == 2
        assert kept["hyperparameters"] == {
            "network": "ann",
            "epochs": 2,
            "batch_size": 16,
            "learning_rate": 0.001,
            "seed": 5,
        }
        assert Classifier.load(out.with_suffix(".tflite")).version == "mine"

    def test_figures_trains_the_exercise_and_draws_five_pictures(
        self, run: Run, tmp_path: Path
    ) -> None:
        result = run("figures", "--out", tmp_path / "pictures")
        assert result.exit_code == 0
        drawn = {path.stem for path in (tmp_path / "pictures").glob("*.png")}
        assert drawn == {"sample", "training_images", "loss", "predictions", "confusion"}
        for name in result.stdout.splitlines():
            with Image.open(name) as picture:
                assert min(picture.size) > 100
        assert (tmp_path / "pictures" / "ann.keras").is_file()

    def test_figures_of_a_model_without_history_leave_the_loss_out(
        self, run: Run, model: Path, tmp_path: Path
    ) -> None:
        result = run("figures", "--model", model, "--out", tmp_path / "pictures")
        assert result.exit_code == 0
        assert "no history" in result.stderr
        assert len(list((tmp_path / "pictures").glob("*.png"))) == 4
        assert not (tmp_path / "pictures" / "loss.png").exists()

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ("train --out model.h5", "does not end in .keras"),
            ("train --out gone/../file/x.keras", "cannot be created"),
            ("train --out x.keras --network cnn", "no network cnn"),
            ("train --out x.keras --network litenet", "--recipe default"),
            ("train --out x.keras --recipe default --epochs 3", "leave out --epochs"),
            ("train --out x.keras --recipe default --network ann --batch-size 8", "--batch-size"),
            ("train --out x.keras --recipe secret", "no recipe secret"),
            ("train --out x.keras --recipe default", "set DATASETS_DIR"),
            ("train --out x.keras --version 2", "--version"),
            ("figures --model gone.keras --out pictures", "gone.keras"),
            ("figures --out file", "cannot be created"),
        ],
    )
    def test_a_mistake_is_answered_in_a_sentence(
        self, run: Run, tmp_path: Path, arguments: str, sentence: str
    ) -> None:
        (tmp_path / "file").touch()
        result = run(*arguments.split())
        assert (result.exit_code, result.stdout) == (1, "")
        assert sentence in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_an_unknown_option_is_a_usage_error(run: Run) -> None:
    assert run("classify", "--colour", "red").exit_code == 2


def test_help_does_not_load_tensorflow() -> None:
    script = (
        "import sys; from model.__main__ import app; app(['--help'], standalone_mode=False);"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'matplotlib')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert all(
        name in done.stdout
        for name in ("train", "evaluate", "failures", "card", "figures", "classify", "worker")
    )
