import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor
from telegram import User

import bot
from bot.i18n.language import language_of
from model.common import languages
from model.common.languages import LANGUAGES
from model.common.languages.sentences import say
from model.common.queue.messages import RefusalReason
from model.common.retraining import outcome_text
from model.common.retraining.job_slot import Cancelled
from model.common.retraining.messages import Reason, RetrainStage, Verdict
from model.common.retraining.outcome_text import COLLECTIONS, FIGURES

SOURCES = [
    *(path for path in Path(bot.__file__).parent.rglob("*.py") if "sandbox" not in path.parts),
    *Path(languages.__file__).parent.glob("*.py"),
    Path(outcome_text.__file__),
]


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def messages(language: str) -> dict[str, set[str]]:
    """Each message's id with the names of its variables."""
    resource = FluentParser().parse(languages.text(language))
    found = {}
    for entry in resource.body:
        assert not isinstance(entry, fluent.Junk), f"{language}: {entry.content}"
        if isinstance(entry, fluent.Message):
            variables = Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


# Ids that end in a word that crosses Redis.
BY_WORD = {
    *(f"answer-{reason}" for reason in get_args(RefusalReason)),
    *(f"retrain-stage-{stage}" for stage in get_args(RetrainStage)),
    *(f"retrain-{verdict}" for verdict in get_args(Verdict)),
    *(f"reason-{reason}" for reason in get_args(Reason)),
    *(f"cancel-{cancelled}" for cancelled in get_args(Cancelled)),
    *(f"figure-{name}" for name in FIGURES),
    *(f"figure-short-{name}" for name in FIGURES),
    *(f"counted-{name}" for name in COLLECTIONS),
}


def strings() -> Iterator[str]:
    """Every string in the code that says sentences."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def said() -> Iterator[str]:
    """The ids that stand in a call of `say`."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "say"
                and isinstance(node.args[1], ast.Constant)
            ):
                yield str(node.args[1].value)


def test_all_languages_have_the_same_messages_and_variables() -> None:
    assert LANGUAGES[0] == "en" and len(LANGUAGES) > 2
    english = messages("en")
    for language in LANGUAGES:
        assert messages(language) == english


def test_every_message_that_is_said_exists() -> None:
    assert {*said(), *BY_WORD} <= set(messages("en"))


def is_used(message: str, found: set[str]) -> bool:
    """Whether the code has its id, whole or as a beginning that ends in "-" and the rest."""
    ends = [place for place in range(1, len(message)) if message[place - 1] == "-"]
    return message in found or any({message[:end], message[end:]} <= found for end in ends)


def test_every_message_is_used() -> None:
    ours = {each for each in messages("en") if not each.startswith(("class-", "chart-"))}
    found = {*strings(), *BY_WORD}
    assert not [message for message in ours if not is_used(message, found)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_said(language: str) -> None:
    for message, variables in messages(language).items():
        text = say(language, message, **dict.fromkeys(variables, 7))
        assert text
        assert "{" not in text
        assert not {"\u2068", "\u2069"} & set(text)


def test_a_missing_variable_is_an_error() -> None:
    with pytest.raises(ValueError, match="photo-waiting"):
        say("en", "photo-waiting")


def test_an_unknown_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("en", "no-such-message")


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("es", "es"),
        ("es-MX", "es"),
        ("ES_ar", "es"),
        ("de", "en"),
        ("est", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_is_the_persons_if_we_speak_it(code: str | None, language: str) -> None:
    user = User(1, "Somebody", is_bot=False, language_code=code)
    assert language_of(user) == language


def test_nobody_in_particular_is_spoken_to_in_english() -> None:
    assert language_of(None) == "en"


def test_numbers_are_written_as_the_language_does() -> None:
    assert "1,234 photos are" in say("en", "photo-waiting", ahead=1234)
    assert "1 photo is" in say("en", "photo-waiting", ahead=1)
    assert "hay 1 foto." in say("es", "photo-waiting", ahead=1)
