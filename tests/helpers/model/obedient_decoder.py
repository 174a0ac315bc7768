"""The decoder's program, whose files are orders: what a decoder's C code might do, once taken over.

An order is a text behind a PNG's signature; `order` makes one. What comes back is an image whose
width is the answer: 1 px for "no", 2 for "yes".
"""

import os
import signal
import socket
import sys
import time
from pathlib import Path

from PIL import Image

from model.photos import decoder_process
from model.photos.refusals import damaged

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NO, YES = 1, 2


def order(what: str) -> bytes:
    """The file that makes it do so."""
    return SIGNATURE + what.encode()


def obey(data: bytes) -> Image.Image:
    """Do what the file says."""
    what = data.removeprefix(SIGNATURE).decode()
    if what == "loop":
        while True:
            pass
    elif what == "wait":
        time.sleep(2 * decoder_process.CPU_SECONDS)
    elif what == "hang":
        time.sleep(1000)
    elif what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "grow":
        bytes(2**31)
    elif what == "damaged":
        raise damaged()
    return Image.new("RGB", (YES if could(what) else NO, 1))


def could(what: str) -> bool:
    """Whether something is possible that should not be."""
    if what == "see the environment":
        return any("SECRET" in name for name in os.environ)
    try:
        if what == "read a file":
            Path("/etc/passwd").read_bytes()
        elif what == "write a file":
            Path("/tmp/written").write_bytes(b"")
        elif what == "connect":
            socket.create_connection(("127.0.0.1", 9))
        elif what == "cut off the pixels":
            os.ftruncate(int(sys.argv[3]), 0)
        else:
            return False
    except OSError as error:
        # Nobody listens on port 9, but to be told so it would need a socket.
        return isinstance(error, ConnectionRefusedError)
    return True


if __name__ == "__main__":
    decoder_process.decode_in_place = obey  # type: ignore[attr-defined]
    decoder_process.main()
