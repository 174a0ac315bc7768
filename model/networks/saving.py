"""Keras files at half their usual size; `keras.saving.load_model` reads them as any other.

Weights keep eleven binary digits, float16's precision with float32's range, and are compressed one
by one: those that two networks share are the same bytes in both files, and the registry stores
them once. A network that is compiled to int8 keeps eight.
"""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from model.common.atomic_write import replacing

WEIGHTS = "model.weights.h5"  # in a Keras file, which is a ZIP archive
HDF5 = ("v110", "v110")  # its format: what is not weights takes a tenth of the default's
DROPPED = 13  # of float32's 24 binary digits


def save(network: keras.Model, path: Path) -> None:
    """Write the network to FILE.keras, whole or not at all."""
    with TemporaryDirectory(prefix="modista-saving-") as folder:
        plain = Path(folder, "plain.keras")
        network.save(plain)
        with replacing(path) as new, zipfile.ZipFile(plain) as old, zipfile.ZipFile(new, "w") as to:
            for name in old.namelist():
                content = old.read(name)
                if name == WEIGHTS:
                    to.writestr(name, _compressed(content), zipfile.ZIP_STORED)
                else:
                    to.writestr(name, content, zipfile.ZIP_DEFLATED)


def rounded(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The nearest numbers of eleven binary digits."""
    bits = weights.view(np.uint32) + np.uint32(1 << DROPPED >> 1)
    return (bits >> DROPPED << DROPPED).view(np.float32)


def _compressed(content: bytes) -> bytes:
    """The weights' HDF5 file with every float32 rounded and compressed."""
    file = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as old, h5py.File(file, "w", libver=HDF5) as new:

        def take(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Group):
                made = new.require_group(name)
            elif item.dtype == np.float32 and item.ndim:
                made = new.create_dataset(
                    name,
                    data=rounded(item[()]),
                    chunks=item.shape,
                    compression="gzip",
                    shuffle=True,
                )
            else:
                made = new.create_dataset(name, data=item[()])
            made.attrs.update(item.attrs)

        new.attrs.update(old.attrs)
        old.visititems(take)
    return file.getvalue()
