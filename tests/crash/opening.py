"""Sealed contents opened without the product's code, by what docs/adr/0055 says."""

import hashlib
import hmac
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK, TAG = 1 << 20, 16


def opened(data: bytes, name: str, keys: Path, master_file: Path) -> bytes:
    """The content of this name. `data` is what was kept, `keys` the key folder."""
    tenant, *days = name.split(".")[:-1]
    if not days:
        return data
    file = (keys / tenant / days[0]).read_bytes()
    masters = [bytes.fromhex(line) for line in master_file.read_text().split()]
    master = next(key for key in masters if hashlib.sha256(b"key id" + key).digest()[:4] == file[1:5])
    place = file[:5] + f"day keys:{tenant}:{int(days[0])}".encode()
    day = msgspec.msgpack.decode(AESGCM(master).decrypt(file[5:17], file[17:], place))
    key = hmac.digest(day["root"], name.encode(), "sha256") if day["root"] else day["kept"][name]
    chunks, wrapped, magic = data[:-52], data[-52:-4], data[-4:]
    assert magic == b"SKC1"
    cipher = AESGCM(AESGCM(key).decrypt(bytes(12), wrapped, name.encode()))
    starts = range(0, len(chunks), CHUNK + TAG)
    return b"".join(
        cipher.decrypt(
            number.to_bytes(11, "big") + bytes([start == starts[-1]]),
            chunks[start : start + CHUNK + TAG],
            None,
        )
        for number, start in enumerate(starts)
    )
