"""The audit of the dependencies, with what pip-audit says in its good and bad hours."""

import json
import subprocess
from typing import Any

import pytest

from tests import audit

FINE = {"name": "pillow", "version": "12.0.0", "vulns": []}
UNKNOWN = {"name": "absl-py", "skip_reason": "Dependency not found on PyPI"}
BAD = {
    "name": "tornado",
    "version": "6.4",
    "vulns": [
        {"id": "PYSEC-1", "aliases": ["CVE-2025-1", "GHSA-1"], "fix_versions": ["6.5", "7.0"]},
        {"id": "PYSEC-2", "aliases": [], "fix_versions": []},
    ],
}
# As pip-audit 2.10 prints them.
NO_NETWORK = (
    "Traceback (most recent call last):\n"
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(…): Max retries exceeded"
)
TIMED_OUT = "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed"
NO_HASHES = "ERROR:pip_audit._cli:requirement pillow does not contain a hash"


def output(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_nothing_known_is_fine() -> None:
    assert audit.judge(output(FINE, FINE), "") == (
        0,
        ["Dependencies audited: 2; known vulnerabilities: 0."],
    )


def test_a_known_vulnerability_fails_with_what_to_do() -> None:
    code, lines = audit.judge(output(FINE, BAD, UNKNOWN), "Found 2 known vulnerabilities")
    assert code == 1
    assert lines == [
        "tornado 6.4: PYSEC-1, CVE-2025-1, GHSA-1; fixed in: 6.5, 7.0",
        "tornado 6.4: PYSEC-2; fixed in: none yet",
        "Dependencies audited: 2; known vulnerabilities: 2; 1 dependencies are not known there.",
    ]


def test_one_that_does_not_concern_us_is_passed_over_by_any_of_its_names() -> None:
    ignored = {"CVE-2025-1": "we serve no files", "PYSEC-2": "nor these"}
    code, lines = audit.judge(output(BAD), "", ignored)
    assert code == 0
    assert lines == ["Dependencies audited: 1; known vulnerabilities: 0, 2 ignored for a reason."]
    assert audit.judge(output(BAD), "", {"PYSEC-2": "…"})[0] == 1


@pytest.mark.parametrize("errors", [NO_NETWORK, TIMED_OUT])
def test_being_offline_is_said_in_one_line_and_no_failure(errors: str) -> None:
    code, lines = audit.judge("", errors)
    assert code == 0
    assert lines == ["Not audited: the service that knows vulnerabilities cannot be reached."]


def test_a_mirror_that_knows_nothing_is_said_in_one_line_and_no_failure() -> None:
    code, lines = audit.judge(output(UNKNOWN, UNKNOWN), "No known vulnerabilities found")
    assert code == 0
    assert lines == ["Not audited: the service that was asked knows none of our dependencies."]


@pytest.mark.parametrize("printed", ["", "{}", "[]", "no JSON"])
def test_an_audit_that_fails_for_another_reason_fails(printed: str) -> None:
    code, lines = audit.judge(printed, NO_HASHES)
    assert code == 1
    assert "does not contain a hash" in lines[-1]


def test_what_is_ignored_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in audit.IGNORED.values())


@pytest.mark.parametrize(("dependency", "code"), [(FINE, 0), (BAD, 1)])
def test_the_exit_code_is_the_verdict(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    dependency: dict[str, Any],
    code: int,
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, code, output(dependency), "")

    monkeypatch.setattr(subprocess, "run", run)
    assert audit.main() == code
    printed = capsys.readouterr()
    assert "Dependencies audited: 1" in (printed.err if code else printed.out)
    assert str(audit.PINNED) in asked[0] and audit.PINNED.is_file()


def test_an_audit_without_an_end_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        raise subprocess.TimeoutExpired(command, audit.LONGEST)

    monkeypatch.setattr(subprocess, "run", run)
    assert audit.main() == 0
    assert capsys.readouterr().out.startswith("Not audited: no answer within")
