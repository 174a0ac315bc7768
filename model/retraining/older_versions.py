"""`python -m model.retraining.older_versions`: compiles what earlier releases published.

A trainer runs it once at its start, as a process of its own, since it takes TensorFlow.
"""

import logging
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from model.common.redis_tools.connection import connect
from model.common.registry.entry import ModelEntry
from model.common.registry.errors import RegistryError
from model.common.registry.registry import Registry
from model.common.registry.serving_config import ServingConfig
from model.common.service import configured
from model.common.settings import Settings
from model.retraining.attempt import NICENESS, end_with_the_trainer

logger = logging.getLogger(__name__)


def compile_all(registry: Registry, settings: Settings) -> None:
    """Compile every version that is not compiled, the one that is to serve first.

    One that cannot be compiled is refused, which tells the admins. Raises redis.RedisError, and
    UnavailableError of the data sets to compare by.
    """
    current = registry.current()
    for entry in sorted(registry.uncompiled(), key=lambda each: each.version != current):
        _compile(registry, settings, entry)


def _compile(registry: Registry, settings: Settings, entry: ModelEntry) -> None:
    from model.training import compiler  # noqa: PLC0415 - brings TensorFlow in

    try:
        network = registry.read(entry.version)
        config = ServingConfig.read(entry.config | {"version": entry.version})
        with TemporaryDirectory(prefix="modista-compiling-") as folder:
            file = Path(folder) / "older.keras"
            file.write_bytes(network)
            config.write_next_to(file)
            done = compiler.of_file(file, settings)
        registry.add_compiled(entry.version, done.config.as_json(), done.content)
    except (compiler.UncompilableError, RegistryError) as error:
        detail = str(error)
    except ValueError:
        detail = "Its config is not a model's."
    else:
        logger.info("model compiled version=%s: %s", entry.version, done)
        return
    logger.error("model not compiled version=%s: %s", entry.version, detail)
    registry.refuse(entry.version, "uncompilable", detail)


def main() -> None:
    """The process."""
    end_with_the_trainer()
    os.nice(NICENESS)
    settings = configured()
    from model.networks import tensorflow_setup  # noqa: PLC0415 - brings TensorFlow in

    tensorflow_setup.import_tensorflow()
    with connect(settings) as client:
        compile_all(Registry(client), settings)


if __name__ == "__main__":
    main()
