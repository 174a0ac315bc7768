"""TensorFlow's import, with a stand-in for TensorFlow: the real one takes seconds."""

import subprocess
import sys
from pathlib import Path

STAND_IN = """
import importlib.util, os, types

missing = []
for name in ("matplotlib", "sklearn", "scipy", "json"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
os.write(2, b"notes")
config = types.SimpleNamespace()
told = []
config.threading = types.SimpleNamespace(
    set_intra_op_parallelism_threads=told.append, set_inter_op_parallelism_threads=told.append
)
config.list_logical_devices = lambda: None
"""

PROGRAM = """
from model.networks import tensorflow_setup
tensorflow_setup.import_tensorflow()
import tensorflow
print(tensorflow.missing)
import matplotlib
print(matplotlib.__name__)
"""


def test_what_is_unasked_stays_out_and_can_be_imported_later(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text(STAND_IN, encoding="utf-8")
    # It comes before what is installed.
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{PROGRAM}"

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == ["['matplotlib', 'sklearn', 'scipy']", "matplotlib"]
    assert done.stderr == ""
