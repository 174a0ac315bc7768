"""`python -m tests.audit`: are there known vulnerabilities in what we depend on? Asks pip-audit.

Ends with 1 where one is known, or where pip-audit cannot do its work. Where the service that knows
of them cannot be reached, or does not know our dependencies, that is said in one line, and no
failure, so that one can work offline.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PINNED = Path(__file__).parent.parent / "requirements" / "dev.txt"
SECONDS = 15  # that the service may take with one answer
LONGEST = 600  # and all of them together
# Vulnerabilities that do not concern us, by id or alias, each with the reason and until when.
IGNORED: Mapping[str, str] = {}
# What pip-audit's errors have in them when it is the service, or the way to it, that fails.
UNREACHABLE = re.compile(
    r"Could not connect|not redirecting properly|ServiceError|"
    r"requests\.exceptions\.\w*(Connection|Timeout|Proxy|SSL|Decode|JSON|HTTP)\w*"
)


def judge(
    output: str, errors: str, ignored: Mapping[str, str] = IGNORED
) -> tuple[int, Sequence[str]]:
    """An exit code and the lines to print, from pip-audit's JSON and its errors."""
    try:
        dependencies: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if UNREACHABLE.search(errors):
            return 0, ["Not audited: the service that knows vulnerabilities cannot be reached."]
        return 1, ["pip-audit failed:", errors.strip()]
    lines, passed_over = [], 0
    for dependency in dependencies:
        for found in dependency.get("vulns", []):
            ids = [found["id"], *found.get("aliases", [])]
            if any(name in ignored for name in ids):
                passed_over += 1
                continue
            fixed = ", ".join(found.get("fix_versions", [])) or "none yet"
            lines.append(
                f"{dependency['name']} {dependency['version']}: {', '.join(ids)}; fixed in: {fixed}"
            )
    unknown = sum("skip_reason" in dependency for dependency in dependencies)
    known = len(dependencies) - unknown
    if not known:
        return 0, ["Not audited: the service that was asked knows none of our dependencies."]
    summary = f"Dependencies audited: {known}; known vulnerabilities: {len(lines)}"
    summary += f", {passed_over} ignored for a reason" if passed_over else ""
    summary += f"; {unknown} dependencies are not known there" if unknown else ""
    return int(bool(lines)), [*lines, summary + "."]


def main() -> int:
    """Ask, and print what came of it."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(PINNED)),
        # Pinned with hashes, all of them are listed: pip need not resolve or install anything.
        *("--require-hashes", "--disable-pip", "--timeout", str(SECONDS)),
        *("--format", "json", "--aliases", "on", "--desc", "off", "--progress-spinner", "off"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        print(f"Not audited: no answer within {LONGEST} seconds.")
        return 0
    code, lines = judge(done.stdout, done.stderr)
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
