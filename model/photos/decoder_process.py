"""The program that decodes what strangers send: `Decoder` starts it, and replaces it when it ends.

It is given three file descriptors (a socket, the memory for files, the memory for pixels) and told
whether HEIC is among the formats. Once it is ready it can open nothing more, neither files nor
connections, its address space is fixed, and each photo has so much time of a core: then the kernel
ends the process, whatever C code it is in.
"""

import copy  # noqa: F401 - Pillow imports it for GIFs, when it is too late
import mmap
import os
import resource
import signal
import sys

from PIL import Image

from model.photos import malloc
from model.photos.decode import decode_in_place, register_heif
from model.photos.decoder_protocol import PIXELS_SIZE, REPLY, REQUEST, DecodeResult
from model.photos.formats import MOST_BYTES
from model.photos.refusals import Refused

# Of user and system time. With the start of the next process a file is over within a second of a
# core. RLIMIT_CPU counts whole seconds since the process began, which is too coarse for a photo.
CPU_SECONDS = 0.9
# Bytes. Of libraries 25 MB are never read in, so that at most 512 MB of it are memory.
ADDRESS_SPACE = 535_000_000

# Bytes of the heap. What an ordinary photo takes stays for the next; what a large one takes goes,
# lest its address space be in pieces.
KEPT, LARGE = 16 << 20, 8 << 20


def main() -> None:
    """Answer requests until the other side hangs up."""
    socket, files, pixels, *formats = sys.argv[1:]
    if "HEIF" in formats:
        register_heif()
    malloc.keep_ready(KEPT, LARGE)
    memory = mmap.mmap(int(pixels), PIXELS_SIZE)
    give_up_rights()
    serve(int(socket), int(files), memory)


def serve(socket: int, files: int, memory: mmap.mmap) -> None:
    """Take requests, send replies."""
    os.write(socket, REPLY.pack(DecodeResult.READY, 0, 0))
    while request := os.read(socket, REQUEST.size):
        (size,) = REQUEST.unpack(request)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        reply = answer(os.pread(files, size, 0), memory)
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.write(socket, reply)


def answer(data: bytes, memory: mmap.mmap) -> bytes:
    """Decode one file, put its pixels into `memory`; the reply."""
    try:
        image = decode_in_place(data)
    except Refused as refused:
        return REPLY.pack(_outcome(refused), 0, 0)
    except MemoryError:
        return REPLY.pack(DecodeResult.TOO_MUCH, 0, 0)
    # Row by row into the memory, which half the time of tobytes() would go into.
    shared = Image.frombuffer("RGBX", image.size, memory, "raw", "RGBX", 0, 1)  # type: ignore[arg-type] # any buffer will do
    shared.im.paste(image.im, (0, 0, *image.size))
    return REPLY.pack(DecodeResult.IMAGE, *image.size)


def _outcome(refused: Refused) -> DecodeResult:
    if refused.reason == "unreadable":
        return DecodeResult.DAMAGED
    return DecodeResult.TOO_MUCH if refused.__cause__ else DecodeResult.TOO_LARGE


def give_up_rights() -> None:
    """Set the kernel's limits for this process; they cannot be lifted again."""
    limits = {
        resource.RLIMIT_AS: ADDRESS_SPACE,
        resource.RLIMIT_NOFILE: 0,  # no file and no socket besides those that are open
        resource.RLIMIT_FSIZE: MOST_BYTES,  # of the memory for files
        resource.RLIMIT_CORE: 0,
    }
    for limit, ours in limits.items():
        _, theirs = resource.getrlimit(limit)
        # An operator's lower limit stays; only root could raise it.
        most = ours if theirs == resource.RLIM_INFINITY else min(ours, theirs)
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main()
