import ast
from pathlib import Path

import pytest

import model
from model.common.retraining.messages import NETWORKS, Figures, Outcome, RetrainJob, RetrainProgress

FIGURES = Figures(fashion_mnist=0.93, photos=0.89, fashion_mnist_ece=0.01, counts={"photos": 795})
MESSAGES = [
    RetrainJob(id="one", network="ann", epochs=5, user_name="Añá", chat_id=-5, language="es"),
    RetrainProgress(stage="training", share=0.25, epoch=1, epochs=4, loss=0.5, seconds_left=60.0),
    FIGURES,
    Outcome(verdict="kept", reason="lost", old=FIGURES, new=FIGURES, lost=["photos"]),
    Outcome(verdict="failed", reason="error", detail="it broke"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_as_it_went(message: RetrainJob) -> None:
    assert type(message).from_json(message.to_json()) == message


def test_what_a_newer_version_added_is_left_out() -> None:
    assert RetrainProgress.from_json('{"stage": "loading", "mood": "good"}') == RetrainProgress(
        stage="loading"
    )


@pytest.mark.parametrize("text", ["[]", "{}", "no JSON", '{"epochs": 5}'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        RetrainJob.from_json(text)


def test_the_networks_names_are_those_there_are() -> None:
    # Read, not imported: Keras takes its time.
    file = Path(model.__file__).parent / "networks" / "architectures.py"
    [table] = [
        node.value
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "NETWORKS"
    ]
    assert isinstance(table, ast.Dict)
    assert tuple(ast.literal_eval(key) for key in table.keys if key) == NETWORKS
