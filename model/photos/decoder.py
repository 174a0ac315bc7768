"""Decoding in a separate process, which a file may exhaust or crash without harm."""

import fcntl
import logging
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

from PIL import Image

from model.photos.decoder_protocol import BYTES_PER_PIXEL, PIXELS_SIZE, REPLY, REQUEST, DecodeResult
from model.photos.formats import MOST_PIXELS, format_of
from model.photos.refusals import DecoderLost, Refused, damaged, too_large, too_much

logger = logging.getLogger(__name__)

PROGRAM = "model.photos.decoder_process"
ROOT = Path(__file__).parents[2]
# Seconds by the clock after which a process counts as hanging. It limits its own time on a core,
# for which the largest HEIC waited 18 seconds where thirty programs shared two cores.
PATIENCE = 45.0
# What a file may leave in the memory for files; more is given back after it.
KEPT_BYTES = 1 << 20
# Ended by one of these, it had too much to do. By any other signal, it crashed.
OVER_LIMITS = frozenset({signal.SIGPROF, signal.SIGKILL})


class Decoder:
    """A process that decodes photos; `decode` is `model.photos.decode.decode` at a safe distance.

    The process is a small program that has nothing of this one: no keys in its environment, no
    connections, no threads. It lives in the `with` statement; when a file is its end, another takes
    its place. For one thread.
    """

    def __init__(self, program: str = PROGRAM, *, patience: float = PATIENCE) -> None:
        self._program = program
        self._patience = patience
        self._formats: list[str] = []  # besides those that it always knows
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False

    def __enter__(self) -> Self:
        """Start the process; RuntimeError if that fails."""
        self._files = _memory("photo")
        self._pixels_file = _memory("pixels")
        os.ftruncate(self._pixels_file, PIXELS_SIZE)
        _keep_size(self._pixels_file)
        self.pixels = mmap.mmap(self._pixels_file, PIXELS_SIZE)
        self._wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self.pixels.close()
        os.close(self._files)
        os.close(self._pixels_file)

    @property
    def pid(self) -> int:
        """The id of the process, which is another one after DecoderLost; 0 if there is none."""
        return self._process.pid if self._process else 0

    def decode(self, data: bytes) -> Image.Image:
        """The picture in `data`: its first frame, mode RGB, sRGB, upright, no side over 800 px.

        The process takes a second of a core at most, and 512 MB. Raises Refused with reason
        "unreadable" for anything that is not a whole picture in one of FORMATS, and "too_large" for
        one that would take more; DecoderLost, a Refused, if the process had to be replaced.
        Raises RuntimeError if no other can be started.
        """
        kind = format_of(data)
        if kind == "HEIF" and kind not in self._formats:
            # Few workers see one, and a process that is ready cannot open what it takes.
            self._formats.append(kind)
            self._replace()
        outcome, width, height = self._ask(data)
        if outcome == DecodeResult.IMAGE:
            pixels = memoryview(self.pixels)[: BYTES_PER_PIXEL * width * height]
            return Image.frombytes("RGB", (width, height), pixels, "raw", "RGBX")
        if outcome == DecodeResult.TOO_LARGE:
            raise too_large(MOST_PIXELS[kind])
        if outcome == DecodeResult.TOO_MUCH:
            self._replace()  # its memory is in pieces, and the next photo may need all of it
            raise too_much(DecoderLost)
        raise damaged()

    def _ask(self, data: bytes) -> tuple[int, int, int]:
        """Send the file; the reply. Raises DecoderLost if the process ends instead, or hangs."""
        try:
            self._wait_until_ready()
            os.pwrite(self._files, data, 0)
            self._socket.sendall(REQUEST.pack(len(data)))
            return self._reply()
        except OSError as error:
            raise self._lost() from error
        finally:
            if len(data) > KEPT_BYTES:
                os.ftruncate(self._files, 0)

    def _wait_until_ready(self) -> None:
        if self._process is None:
            self._start()
        if self._ready:
            return
        try:
            self._reply()
        except OSError as error:
            status = self._end()
            raise RuntimeError(f"The decoder does not start: it ended with {status}.") from error
        self._ready = True

    def _reply(self) -> tuple[int, int, int]:
        reply = self._socket.recv(REPLY.size, socket.MSG_WAITALL)
        if len(reply) < REPLY.size:
            raise ConnectionResetError("the decoder has ended")
        outcome, width, height = REPLY.unpack(reply)
        return outcome, width, height

    def _lost(self) -> Refused:
        """Replace the process; why its file is refused."""
        status = self._replace()
        logger.warning("decoder replaced: its process ended with %d", status)
        return too_much(DecoderLost) if -status in OVER_LIMITS else damaged(DecoderLost)

    def _replace(self) -> int:
        status = self._end()
        self._start()
        return status

    def _start(self) -> None:
        self._socket, other = socket.socketpair()
        self._socket.settimeout(self._patience)
        with other:
            descriptors = (other.fileno(), self._files, self._pixels_file)
            command = [sys.executable, "-S", "-m", self._program, *map(str, descriptors)]
            self._process = subprocess.Popen(  # noqa: S603 - our own program and numbers
                [*command, *self._formats],
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what native code says of damaged files
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the worker, which finishes its photos first
            )
        self._ready = False

    def _end(self) -> int:
        """End the process; its exit status, by which it may have ended itself before."""
        process, self._process = self._process, None
        if process is None:
            return 0
        self._socket.close()
        process.kill()  # of one that has ended, and is not waited for yet, nothing changes
        return process.wait()


def _environment() -> dict[str, str]:
    """Where modules are found, and little else: keys are nobody's there."""
    path = os.pathsep.join([str(ROOT), *(place for place in sys.path if place)])
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    # A decoder's thread would take 64 MB of the address space for a heap of its own.
    return {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1", **kept}


def _memory(name: str) -> int:
    """A descriptor of memory that has no path; of a file that has none, if there is no Linux."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _keep_size(descriptor: int) -> None:
    """Let nobody change the memory's size: reading what was cut off would end this process."""
    if hasattr(fcntl, "F_ADD_SEALS"):
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
