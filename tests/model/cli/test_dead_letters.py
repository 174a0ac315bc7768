"""The commands for dead letters, as a person or a script runs them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.common.queue import keys
from model.common.queue.dead_letters import DeadLetters
from tests.helpers.cli import Run, lines
from tests.model.common.queue.crowd import Crowd, correction, crowded, photo

NONE = "There are no dead letters.\n"


@pytest.fixture
def crowd(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    with crowded(redis_url) as crowd:
        yield crowd


def bury(crowd: Crowd, *names: str, reason: str = "it is cursed") -> list[str]:
    """Somebody's photos are given up: the ids of the dead letters."""
    for name in names:
        crowd.send(7, job=photo(name, 7, 2500))
        delivery = crowd.take()
        assert delivery
        crowd.jobs.bury(delivery, reason)
    return [letter.id for letter in DeadLetters(crowd.client).all()]


def test_list_shows_what_was_given_up_and_of_whom(run: Run, crowd: Crowd) -> None:
    [one, other] = bury(crowd, "u1-aa", "u2-bb")
    result = run("dead-letters", "list")
    assert result.exit_code == 0
    heading, first, second = result.stdout.splitlines()
    assert heading.split() == ["id", "job", "when", "who", "KB", "reason"]
    assert first.split()[:2] == [one, "u1-aa"]
    assert second.split()[:2] == [other, "u2-bb"]
    assert first.split()[-6:] == ["UTC", "7", "2.5", "it", "is", "cursed"]


def test_list_as_json(run: Run, crowd: Crowd) -> None:
    [name] = bury(crowd, "u1-aa")
    [values] = lines(run("dead-letters", "list", "--json"))
    assert values.pop("when").endswith(" UTC")
    assert values == {
        "id": name,
        "job": "u1-aa",
        "who": 7,
        "reason": "it is cursed",
        "bytes": 2500,
    }


@pytest.mark.parametrize("command", [["list"], ["retry", "--all"], ["discard", "--all"]])
def test_that_there_are_none_is_said(run: Run, crowd: Crowd, command: list[str]) -> None:
    result = run("dead-letters", *command)
    assert (result.exit_code, result.stdout) == (0, NONE)


def test_as_json_none_is_nothing(run: Run, crowd: Crowd) -> None:
    assert run("dead-letters", "list", "--json").stdout == ""


def test_show_tells_all_but_the_photo_which_it_writes(
    run: Run, crowd: Crowd, tmp_path: Path
) -> None:
    [name] = bury(crowd, "u1-aa")
    file = tmp_path / "photo.bin"
    result = run("dead-letters", "show", name, "--photo", file)
    assert result.exit_code == 0
    *told, last = result.stdout.splitlines()
    assert last == f"Its photo is in {file}."
    shown = dict(line.split(maxsplit=1) for line in told)
    assert (shown["id"], shown["job"], shown["who"]) == (name, "u1-aa", "7")
    assert (shown["chat_id"], shown["language"], shown["bytes"]) == ("7", "en", "2500")
    assert shown["reason"] == "it is cursed"
    assert file.read_bytes() == b"x" * 2500


def test_show_as_json(run: Run, crowd: Crowd) -> None:
    crowd.send(7, job=correction("u1-aa-c1", 7))
    delivery = crowd.take()
    assert delivery
    crowd.jobs.bury(delivery, "x")
    [letter] = DeadLetters(crowd.client).all()
    values = json.loads(run("dead-letters", "show", letter.id, "--json").stdout)
    assert values["message"]["correction"]["label"] == 5
    assert "image" not in values["message"]


def test_a_photo_that_cannot_be_written_is_a_sentence(run: Run, crowd: Crowd) -> None:
    [name] = bury(crowd, "u1-aa")
    result = run("dead-letters", "show", name, "--photo", "no/such/folder/photo")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_what_an_entry_says_does_not_reach_the_terminal(run: Run, crowd: Crowd) -> None:
    [name] = bury(crowd, "u1-aa", reason="\x1b[2J[bold]red[/bold]\nsecond line")
    for command in (["list"], ["show", name]):
        printed = run("dead-letters", *command).stdout
        assert "\x1b" not in printed
        assert "[bold]red[/bold]�second line" in printed


def test_retry_puts_the_named_ones_back(run: Run, crowd: Crowd) -> None:
    one, two, three = bury(crowd, "u1", "u2", "u3")
    result = run("dead-letters", "retry", three, one, one)
    assert (result.exit_code, result.stdout) == (0, "2 of 2 back in the queue.\n")
    assert [letter.id for letter in DeadLetters(crowd.client).all()] == [two]
    assert crowd.drain() == ["u3", "u1"]


def test_discard_deletes_all(run: Run, crowd: Crowd) -> None:
    bury(crowd, "u1", "u2")
    result = run("dead-letters", "discard", "--all")
    assert (result.exit_code, result.stdout) == (0, "2 of 2 deleted.\n")
    assert run("dead-letters", "list").stdout == NONE
    assert crowd.answer() is None


@pytest.mark.parametrize("command", ["retry", "discard"])
def test_a_wrong_id_is_said_before_anything_is_done(run: Run, crowd: Crowd, command: str) -> None:
    [name] = bury(crowd, "u1")
    result = run("dead-letters", command, name, "1-1")
    assert result.exit_code == 1
    assert result.stderr == ("There is no dead letter 1-1: `dead-letters list` lists them.\n")
    assert [letter.id for letter in DeadLetters(crowd.client).all()] == [name]


@pytest.mark.parametrize("command", ["retry", "discard"])
@pytest.mark.parametrize("arguments", [[], ["1-1", "--all"]])
def test_either_names_or_all(run: Run, crowd: Crowd, command: str, arguments: list[str]) -> None:
    result = run("dead-letters", command, *arguments)
    assert result.exit_code == 1
    assert result.stderr == "Give the ids of the dead letters, or --all.\n"


def test_what_is_no_photo_cannot_be_tried_again(run: Run, crowd: Crowd) -> None:
    crowd.client.xadd(keys.ANSWERS, {"meta": "no JSON", "body": "x"})
    crowd.send_answers()
    bury(crowd, "u1")
    result = run("dead-letters", "retry", "--all")
    assert (result.exit_code, result.stdout) == (1, "1 of 2 back in the queue.\n")
    assert "is no photo, so it cannot be tried again" in result.stderr
    assert "–" in run("dead-letters", "list").stdout
    [letter] = DeadLetters(crowd.client).all()
    assert run("dead-letters", "show", letter.id).exit_code == 0
    assert run("dead-letters", "discard", letter.id).exit_code == 0


def test_a_redis_that_is_away_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    result = run("dead-letters", "list")
    assert result.exit_code == 1
    assert "Redis cannot be reached" in result.stderr
