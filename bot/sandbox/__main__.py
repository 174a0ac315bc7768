"""`python -m bot.sandbox`: the sandbox on 127.0.0.1, until it is told to stop."""

import asyncio
import errno
import os
import signal
import sys

from bot.sandbox.server import serve
from bot.sandbox.telegram import Sandbox

DEFAULT_PORT = 8081
LARGEST_PORT = 65_535


def port() -> int:
    """SANDBOX_PORT, or 8081. Ends the program with a sentence where it is no port."""
    text = os.environ.get("SANDBOX_PORT", "") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_PORT:
        raise SystemExit(f"SANDBOX_PORT is wrong: it must be a number from 0 to {LARGEST_PORT}.")
    return int(text)


async def run(number: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number_of_signal in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number_of_signal, stop.set)
    async with serve(Sandbox(), port=number) as (_, url):
        print(f"Open {url}/ in a browser to chat with the bot.", flush=True)
        await stop.wait()


def main() -> None:
    """Serve, or say in a sentence why not."""
    number = port()
    try:
        asyncio.run(run(number))
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
        sys.exit(f"Port {number} {reason}: set SANDBOX_PORT to a free one.")


if __name__ == "__main__":
    main()
