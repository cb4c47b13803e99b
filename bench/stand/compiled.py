"""The C programs beside this file, compiled on the spot into var/bench when their text is new."""

import hashlib
import shutil
import subprocess
from pathlib import Path

INTO = Path(__file__).parents[2] / "var" / "bench"


class Missing(Exception):
    """A program that is needed is not installed."""


def has_openssl() -> bool:
    """Whether OpenSSL can be compiled against."""
    return _compiles("#include <openssl/ssl.h>\nint main(void) { return !TLS_client_method(); }", "-lssl")


def compiled(name: str) -> Path:
    """The program of NAME.c (a library: blocks), with TLS where OpenSSL's headers are. Raises Missing without a compiler."""
    if not shutil.which("cc"):
        raise Missing("cc is not installed (Debian: apt-get install gcc libc6-dev)")
    source = Path(__file__).with_name(f"{name}.c")
    options = ["-DTLS", "-lssl", "-lcrypto"] if name == "load" and has_openssl() else []
    if name == "blocks":
        options = ["-shared", "-fPIC"]
    text = source.read_bytes() + " ".join(options).encode()
    program = INTO / f"{name}-{hashlib.sha256(text).hexdigest()[:12]}"
    if not program.exists():
        INTO.mkdir(parents=True, exist_ok=True)
        made = program.with_suffix(".new")
        subprocess.run(["cc", "-O2", "-o", made, source, *options], check=True)
        made.replace(program)
    return program


def _compiles(text: str, *libraries: str) -> bool:
    command = ["cc", "-x", "c", "-", "-o", "/dev/null", *libraries]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=False).returncode == 0
