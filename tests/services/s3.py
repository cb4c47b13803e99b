"""An S3-compatible server (moto) in a process of its own, on a port of its own, with its buckets in memory."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tests.services.postgres import unavailable


class S3:
    """A running server; any credentials are good. `bucket` makes an empty bucket and answers its name."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"

    def bucket(self) -> str:
        name = f"b{uuid.uuid4().hex[:16]}"
        request = urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")
        urllib.request.urlopen(request, timeout=10).close()
        return name


@contextmanager
def s3_server() -> Iterator[S3]:
    try:
        import moto.server  # noqa: F401
    except ImportError:
        unavailable("moto[server] is not installed")
    # The server takes a free port itself and says which: one that we found could be somebody else's by then.
    with tempfile.TemporaryFile("w+") as log:
        program = subprocess.Popen(
            [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield S3(_port(program, log))
        finally:
            program.kill()  # it keeps nothing
            program.wait()


def _port(program: "subprocess.Popen[bytes]", log: IO[str]) -> int:
    for _ in range(600):
        text = os.pread(log.fileno(), 10_000, 0).decode(errors="replace")
        if match := re.search(r"Running on http://127\.0\.0\.1:(\d+)", text):
            return int(match[1])
        if program.poll() is not None:
            raise RuntimeError(f"moto did not start: {text}")
        time.sleep(0.1)
    raise RuntimeError("moto does not answer")
