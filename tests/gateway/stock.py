"""dkimpy as its authors ship it, for judging what the gateway made of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import dkim
import pytest
from dkim import canonicalization, crypto

from gateway.authenticate import dkim_field

REPLACED = ("parse_pem_private_key", "RSASSA_PKCS1_v1_5_sign", "RSASSA_PKCS1_v1_5_verify")


@contextmanager
def stock() -> Iterator[None]:
    """Within it nothing of dkimpy is replaced by gateway.authenticate.dkim_library."""
    with pytest.MonkeyPatch.context() as patch:
        for name in REPLACED:
            patch.setattr(dkim, name, getattr(crypto, name))
        for kind in (canonicalization.Simple, canonicalization.Relaxed):
            patch.setitem(canonicalization.ALGORITHMS, kind.name, kind)
        yield


@contextmanager
def at(seconds: int) -> Iterator[None]:
    """Within it dkimpy's clock and that of the signatures stand still."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (dkim, dkim_field):
            patch.setattr(module, "time", SimpleNamespace(time=lambda: seconds))
        yield


def stock_verifies(mail: bytes, records: dict[str, str]) -> bool:
    """What stock dkimpy says of the topmost DKIM signature, given the published records by name."""

    def txt(name: bytes, timeout: int = 5) -> bytes:
        return records.get(name.decode().rstrip("."), "").encode()

    with stock():
        return bool(dkim.verify(mail, dnsfunc=txt))


def stock_chain(mail: bytes, records: dict[str, str]) -> str:
    """What stock dkimpy says of the ARC chain: "none", "pass" or "fail"."""

    def txt(name: bytes, timeout: int = 5) -> bytes:
        return records.get(name.decode().rstrip("."), "").encode()

    with stock():
        word, _, _ = dkim.arc_verify(mail, dnsfunc=txt)
        return (word or b"fail").decode()
