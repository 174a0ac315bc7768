"""`python -m bot.sandbox`: the sandbox on 127.0.0.1, until it is told to stop."""

import asyncio
import errno
import signal
import sys

from pydantic import ValidationError

from bot.sandbox.server import serve
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.telegram import Sandbox
from model.common.settings import leave


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
    try:
        number = SandboxSettings().sandbox_port
    except ValidationError as error:
        leave(error)
    try:
        asyncio.run(run(number))
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
        sys.exit(f"Port {number} {reason}: set SANDBOX_PORT to a free one.")


if __name__ == "__main__":
    main()
