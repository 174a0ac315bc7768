"""What versions take in Redis, and in memory while they are read.

`python -m tests.bench.bench_versions FILE.keras…` publishes these, each with the .tflite next to
it, in this order, and reads each one's compiled form as a worker does. Linux.
"""

import multiprocessing
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from model.common.queue import keys
from model.common.registry.registry import Registry
from tests.helpers.models import entry
from tests.helpers.redis import connect
from tests.helpers.servers import persistent


def main(files: list[Path]) -> None:
    """Publish, measure, print."""
    with (
        TemporaryDirectory(prefix="modista-bench-") as folder,
        persistent(Path(folder)),
        connect(url := f"unix://{folder}/redis.sock") as client,
    ):
        registry = Registry(client)
        print("version: its files; in Redis; reading the compiled one: CPU, peak memory (MB)")
        for number, file in enumerate(files, 1):
            print(f"{number} {file.name}:", _published(registry, f"v-{number}", file), end="; ")
            # Each in a process of its own: memory that another freed would hide what it takes.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.apply(_reading, (url, f"v-{number}")))
        taken = client.memory_usage(keys.MODELS_FILES, samples=0) or 0
        print(f"all of them in Redis: {taken / 1e6:.1f}")


def _published(registry: Registry, version: str, file: Path) -> str:
    network, compiled = file.read_bytes(), file.with_suffix(".tflite").read_bytes()
    stored = registry.publish(entry(version), network, compiled).stored
    whole = (len(network) + len(compiled)) / 1e6
    sizes = [each.size / 1e6 for each in stored.values()]
    return f"{whole:.1f}; {sum(sizes):.2f} ({sizes[0]:.2f} + {sizes[1]:.2f})"


def _reading(url: str, version: str) -> str:
    with connect(url) as client:
        registry = Registry(client)
        registry.get(version)  # what is imported and connected is not counted
        Path("/proc/self/clear_refs").write_text("5", "ascii")
        resident, cpu = _memory("VmRSS"), time.process_time()
        registry.read_compiled(version)
        return f"{1000 * (time.process_time() - cpu):.0f} ms, {_memory('VmHWM') - resident:.1f}"


def _memory(name: str) -> float:
    """A line of the process's status, in MB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    [line] = [each for each in lines if each.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]])
