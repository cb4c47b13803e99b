"""Private keys in every wrapping that people paste. The wrappings are real; what is in them is made up."""

import base64
import binascii
import textwrap
from collections.abc import Iterator
from random import Random

from tests.judged import Half


def _octets(draw: Random, count: int) -> bytes:
    return bytes(draw.randrange(256) for _ in range(count))


def _pem(label: str, content: bytes, head: str = "", dashes: str = "-----") -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(content).decode(), 64))
    return f"{dashes}BEGIN {label}{dashes}\n{head}{body}\n{dashes}END {label}{dashes}\n"


def _integer(draw: Random, size: int) -> bytes:
    value = bytes([draw.randrange(1, 128)]) + _octets(draw, size - 1)
    return b"\x02" + _length(len(value)) + value


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    return b"\x82" + size.to_bytes(2, "big")


def _sequence(*inner: bytes) -> bytes:
    content = b"".join(inner)
    return b"\x30" + _length(len(content)) + content


def rsa(draw: Random) -> bytes:
    """PKCS #1: version, modulus, exponents and five numbers, of the right sizes."""
    numbers = [
        _integer(draw, 256),
        b"\x02\x03\x01\x00\x01",
        _integer(draw, 256),
        *(_integer(draw, 128) for _ in range(5)),
    ]
    return _sequence(b"\x02\x01\x00", *numbers)


def ed25519(draw: Random) -> bytes:
    """PKCS #8 (RFC 8410)."""
    return bytes.fromhex("302e020100300506032b657004220420") + _octets(draw, 32)


def elliptic(draw: Random) -> bytes:
    """SEC 1, curve P-256, without the public key."""
    return _sequence(
        b"\x02\x01\x01", b"\x04\x20" + _octets(draw, 32), bytes.fromhex("a00a06082a8648ce3d030107")
    )


def _crc24(content: bytes) -> bytes:
    crc = 0xB704CE
    for octet in content:
        crc ^= octet << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return (crc & 0xFFFFFF).to_bytes(3, "big")


def _pgp(draw: Random) -> str:
    packet = b"\x95\x03\x98\x04" + _octets(draw, 916)
    lines = "\n".join(textwrap.wrap(base64.b64encode(packet).decode(), 64))
    check = base64.b64encode(_crc24(packet)).decode()
    label = "PGP PRIVATE KEY BLOCK"
    return f"-----BEGIN {label}-----\n\n{lines}\n={check}\n-----END {label}-----\n"


def _openssh(draw: Random) -> bytes:
    return b"openssh-key-v1\x00\x00\x00\x00\x04none\x00\x00\x00\x04none" + _octets(draw, 240)


def _putty(draw: Random) -> str:
    public = base64.b64encode(b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + _octets(draw, 32)).decode()
    private = base64.b64encode(_octets(draw, 36)).decode()
    return (
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: ops\nPublic-Lines: 2\n"
        f"{public[:64]}\n{public[64:]}\nPrivate-Lines: 1\n{private}\nPrivate-MAC: {_octets(draw, 32).hex()}\n"
    )


def _url(draw: Random, count: int) -> str:
    return base64.urlsafe_b64encode(_octets(draw, count)).decode().rstrip("=")


def _jwk(draw: Random) -> str:
    return (
        f'{{"kty":"EC","crv":"P-256","x":"{_url(draw, 32)}","y":"{_url(draw, 32)}","d":"{_url(draw, 32)}"}}\n'
    )


def _xml(draw: Random) -> str:
    def part(name: str, size: int) -> str:
        return f"<{name}>{base64.b64encode(_octets(draw, size)).decode()}</{name}>"

    inner = (
        part("Modulus", 128) + "<Exponent>AQAB</Exponent>" + part("P", 64) + part("Q", 64) + part("D", 128)
    )
    return f"<RSAKeyValue>{inner}</RSAKeyValue>\n"


def p12(draw: Random) -> bytes:
    """PFX, version 3, whose content is made up."""
    data = bytes.fromhex("06092a864886f70d010701")
    inner = b"\x04" + _length(900) + _octets(draw, 900)
    return _sequence(b"\x02\x01\x03", _sequence(data, b"\xa0" + _length(len(inner)) + inner))


def armored(half: Half, draw: Random) -> Iterator[tuple[str, str, bytes]]:
    """Kind, file name (empty: in the text of the mail) and content."""
    if half == "development":
        yield "key-rsa", "id_rsa", _pem("RSA PRIVATE KEY", rsa(draw)).encode()
        yield "key-pkcs8", "server.key", _pem("PRIVATE KEY", ed25519(draw)).encode()
        yield "key-openssh", "", _pem("OPENSSH PRIVATE KEY", _openssh(draw)).encode()
        yield "key-pgp", "secret.asc", _pgp(draw).encode()
        yield "key-putty", "ops.ppk", _putty(draw).encode()
        yield "key-der", "key.der", rsa(draw)
        yield (
            "key-quoted",
            "",
            "".join(f"> {line}\n" for line in _pem("RSA PRIVATE KEY", rsa(draw)).splitlines()).encode(),
        )
        return
    yield "key-ec", "ec.pem", _pem("EC PRIVATE KEY", elliptic(draw)).encode()
    yield (
        "key-dsa",
        "",
        _pem(
            "DSA PRIVATE KEY", _sequence(b"\x02\x01\x00", *(_integer(draw, 128) for _ in range(5)))
        ).encode(),
    )
    head = f"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{_octets(draw, 16).hex().upper()}\n\n"
    yield "key-encrypted-old", "locked.pem", _pem("RSA PRIVATE KEY", _octets(draw, 608), head).encode()
    yield (
        "key-encrypted",
        "locked8.pem",
        _pem("ENCRYPTED PRIVATE KEY", _sequence(_octets(draw, 300))).encode(),
    )
    yield (
        "key-ssh2",
        "id.ssh2",
        _pem("SSH2 ENCRYPTED PRIVATE KEY", _octets(draw, 300), 'Comment: "ops"\n', "---- ").encode(),
    )
    yield (
        "key-one-line",
        "env.txt",
        ("TLS_KEY=" + _pem("PRIVATE KEY", ed25519(draw)).replace("\n", "\\n") + "\n").encode(),
    )
    yield (
        "key-after-certificate",
        "chain.pem",
        (_pem("CERTIFICATE", _octets(draw, 700)) + _pem("PRIVATE KEY", ed25519(draw))).encode(),
    )
    yield "key-jwk", "jwk.json", _jwk(draw).encode()
    yield "key-xml", "key.xml", _xml(draw).encode()
    yield (
        "key-indented",
        "values.yaml",
        ("tls:\n  key: |\n" + textwrap.indent(_pem("RSA PRIVATE KEY", rsa(draw)), "    ")).encode(),
    )
    yield "key-pkcs12", "client.p12", p12(draw)
    yield "key-pgp-text", "", _pgp(draw).encode()
    yield "key-hex", "key.txt", (b"private key (DER, hex):\n" + binascii.hexlify(ed25519(draw)) + b"\n")
