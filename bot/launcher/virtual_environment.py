"""Sets `.venv` up: `python3 bot/launcher/virtual_environment.py .venv requirements/dev.txt`.

`make` runs it with any Python, so it avoids newer syntax and imports nothing of ours. It prints
what it installs, and its progress.
"""

# ruff: noqa: S603 - our own commands, no shell

import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)


def suits(version: tuple) -> bool:  # type: ignore[type-arg]
    """Whether a Python of this version can run Modista."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def version_of(folder: Path) -> tuple:  # type: ignore[type-arg]
    """The version of an environment's Python; an empty one if there is none that runs."""
    try:
        text = subprocess.check_output(
            [str(folder / "bin" / "python"), "-c", "import sys; print(*sys.version_info[:2])"]
        )
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in text.split())


def create(folder: Path) -> None:
    """Make the environment, in place of one whose Python does not suit."""
    if not suits(version_of(folder)):
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(folder)])


def install(folder: Path, requirements: Path) -> int:
    """Install what the file pins; pip's exit code."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    total = sum("==" in line and not line.startswith((" ", "#")) for line in lines)
    print(f"Modista installs up to {total} packages into {folder}, 3 GB; it takes a few minutes.")
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    command = [*pip, "--progress-bar", "off", "--require-hashes", "-r", str(requirements)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, universal_newlines=True) as process:
        found = 0
        for line in process.stdout or ():
            # "Processing" a file, where an index keeps its packages on this machine.
            if line.startswith(("Collecting ", "Processing ")):
                found += 1
                name = Path(line.split()[1]).name
                show(f"{found:>4} of {total}: {name.split('==')[0].split('-')[0]}")
            elif line.startswith("Installing collected packages"):
                show(f"     all downloaded; now installing into {folder} …\n")
    show("" if process.returncode else "     done\n")
    return int(process.returncode)


def show(text: str) -> None:
    """Show a line; on a terminal it replaces the one before."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    else:
        print(text.rstrip("\n"), flush=True)


def main() -> None:
    """Set up, or end with a sentence."""
    folder, requirements = (Path(argument) for argument in sys.argv[1:3])
    if not suits(tuple(sys.version_info)):
        found = ".".join(str(part) for part in sys.version_info[:2])
        raise SystemExit(
            f"Modista needs Python 3.11 to 3.13, and this is {found}: choose another one, such as "
            "`make run PYTHON=python3.12`."
        )
    create(folder)
    raise SystemExit(install(folder, requirements))


if __name__ == "__main__":
    main()
