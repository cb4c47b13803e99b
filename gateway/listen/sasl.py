"""The answers of a client to AUTH PLAIN and AUTH LOGIN, read (RFC 4616, RFC 4954, draft-murchison-sasl-login)."""

import base64
import binascii

USERNAME = "VXNlcm5hbWU6"
"""base64 of "Username:"; clients compare it with this."""
PASSWORD = "UGFzc3dvcmQ6"  # noqa: S105  base64 of "Password:"
LONGEST = 1024
"""Octets of a login or a password that are looked at."""


class Credentials:
    """A login and a password. Not shown in any representation, so that neither log nor traceback has them."""

    __slots__ = ("login", "password")

    def __init__(self, login: str, password: str) -> None:
        self.login = login
        self.password = password

    def __repr__(self) -> str:
        return "Credentials(...)"


def decode(answer: bytes) -> bytes | None:
    """base64 of one line, None when it is none. A single "=" stands for an empty answer (RFC 4954 §4)."""
    if answer == b"=":
        return b""
    try:
        return base64.b64decode(answer, validate=True)
    except (binascii.Error, ValueError):
        return None


def plain(answer: bytes) -> Credentials | None:
    """Read `[authzid] NUL authcid NUL password`.

    None when it is not that, and when somebody wants to act for somebody else: nobody may.
    """
    fields = answer.split(b"\0")
    if len(fields) != 3 or (fields[0] and fields[0] != fields[1]):
        return None
    return credentials(fields[1], fields[2])


def credentials(login: bytes, password: bytes) -> Credentials | None:
    """None for an empty login or password (a directory may take those for an anonymous bind) and for damage."""
    if not login or not password or len(login) > LONGEST or len(password) > LONGEST:
        return None
    if b"\0" in login or b"\0" in password:
        return None
    try:
        return Credentials(login.decode("utf-8"), password.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def masked(login: str) -> str:
    """A login as it may stand in the log after a failure: people type passwords into the wrong field."""
    return login[:2] + "…" if login else ""
