"""An S3-compatible server (moto) in a process of its own, on a port of its own, with its buckets in memory."""

import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services.postgres import free_port, unavailable


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
    port = free_port()
    program = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=2).close()
                break
            except OSError:
                if program.poll() is not None:
                    raise RuntimeError("moto did not start") from None
                time.sleep(0.1)
        else:
            raise RuntimeError("moto does not answer")
        yield S3(port)
    finally:
        program.terminate()
        program.wait(10)
