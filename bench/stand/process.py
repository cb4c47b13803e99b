"""Programs that are started for a measurement: found, waited for, ended by their own id."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from bench.stand.compiled import Missing

PATH = "/usr/sbin:/sbin:" + os.environ.get("PATH", "")


def program(name: str, package: str) -> str:
    """Where a program is. Raises Missing, with the package that has it."""
    found = shutil.which(name, path=PATH)
    if found is None:
        raise Missing(f"{name} is not installed ({package})")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def listening(port: int | Path, process: subprocess.Popen[bytes], seconds: float = 150.0) -> None:
    """Wait until somebody listens at the port, or at a socket in the file system. Raises RuntimeError when the process ends or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if isinstance(port, Path):
                _, writer = await asyncio.open_unix_connection(port)
            else:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise RuntimeError(f"nobody listens at {port}; status {process.poll()}; see the log beside it")


def ended(process: subprocess.Popen[bytes], seconds: float = 30.0) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
