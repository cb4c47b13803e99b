"""What recipes name in `[=…]`: numbers with check digits, tokens, keys, dates, all of a seeded chance."""

import base64
import json
from collections.abc import Callable
from random import Random

from tests.judged.armors import _openssh, _pem, _pgp, _putty, ed25519, rsa
from tests.judged.digits import KANJI, WIDE, card, digits, fours, luhn, mine, wrong

_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SETS = {
    "hex": "0123456789abcdef", "HEX": "0123456789ABCDEF", "an": _ALNUM, "AN": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "low": "abcdefghijklmnopqrstuvwxyz0123456789", "az": "abcdefghijklmnopqrstuvwxyz", "AZ": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "b32": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "b64": _ALNUM + "+/", "url": _ALNUM + "-_", "num": "0123456789",
    "base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
}  # fmt: skip
_BRANDS = {
    "visa": "visa", "visa13": "visa-13", "mc": "mastercard", "mc2": "mastercard-2", "amex": "amex", "jcb": "jcb",
    "jcb15": "jcb-15", "diners": "diners", "disc": "discover", "up": "unionpay", "mae": "maestro", "mae12": "maestro-12",
}  # fmt: skip
_SYLLABLES = (
    "ka",
    "ki",
    "ku",
    "ko",
    "sa",
    "shi",
    "su",
    "se",
    "so",
    "ta",
    "chi",
    "to",
    "na",
    "ni",
    "no",
    "fu",
    "mi",
    "yu",
    "ri",
    "wa",
)


def gtin(body: str) -> str:
    """With the check digit of GS1 (weights 3 and 1 from the right)."""
    total = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def corporate(draw: Random) -> str:
    """Thirteen digits of a company, its check digit in front (Corporate Number Ordinance, annex)."""
    body = digits(draw, 12)
    total = sum(int(d) * (1 if n % 2 == 0 else 2) for n, d in enumerate(reversed(body)))
    return str(9 - total % 9) + body


def isbn10(draw: Random) -> str:
    """Ten digits, the last of them by weights 10 to 2."""
    body = "4" + "".join(str(draw.randint(0, 9)) for _ in range(8))
    last = -sum(int(d) * (10 - n) for n, d in enumerate(body)) % 11
    return body + ("X" if last == 10 else str(last))


def iban(draw: Random, country: str, length: int) -> str:
    """With check digits by ISO 7064 mod 97."""
    body = digits(draw, length - 4)
    number = "".join(str(int(c, 36)) for c in f"{body}{country}00")
    return f"{country}{98 - int(number) % 97:02d}{body}"


def uuid(draw: Random) -> str:
    """A random one, version 4."""
    h = f"{draw.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{draw.choice('89ab')}{h[17:20]}-{h[20:]}"


def password(draw: Random) -> str:
    """As people and generators make them: letters, digits and a sign."""
    word = "".join(draw.choice(_SYLLABLES) for _ in range(3)).capitalize()
    signs = "".join(draw.choice(_ALNUM) for _ in range(9))
    number = draw.randint(13, 9998)
    return draw.choice((
        f"{word}{draw.choice('!#@%$')}{number}", f"{signs}{draw.choice('!#%$+=')}{draw.choice('23456789')}",
        f"{word}-{number}", f"{word[:4]}{number}{draw.choice('!#@')}{signs[:2]}x",
    ))  # fmt: skip


def jwt(draw: Random) -> str:
    """Header, claims and a signature of HS256's size."""
    claims = {"sub": f"u{draw.randint(100, 999)}", "exp": 1_800_000_000 + draw.randint(0, 9999)}
    parts = [json.dumps(p).encode() for p in ({"alg": "HS256", "typ": "JWT"}, claims)]
    parts.append(bytes(draw.randrange(256) for _ in range(32)))
    return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts)


def key(draw: Random, kind: str) -> str:
    """A private key in its armor; `public` is none."""
    octets = bytes(draw.randrange(256) for _ in range(270))
    match kind:
        case "rsa":
            return _pem("RSA PRIVATE KEY", rsa(draw))
        case "pkcs8":
            return _pem("PRIVATE KEY", ed25519(draw))
        case "openssh":
            return _pem("OPENSSH PRIVATE KEY", _openssh(draw))
        case "pgp":
            return _pgp(draw)
        case "ppk":
            return _putty(draw)
        case "ec":
            return _pem("EC PRIVATE KEY", b"\x30\x77\x02\x01\x01\x04\x20" + octets[:112])
        case "encrypted":
            return _pem("ENCRYPTED PRIVATE KEY", b"\x30\x82\x01\x0a\x30\x1c" + octets[:264])
        case "public":
            return _pem("PUBLIC KEY", b"\x30\x82\x01\x22\x30\x0d\x06\x09" + octets)
        case "cert":
            return _pem("CERTIFICATE", b"\x30\x82\x03\x0e\x30\x82\x01\xf6" + octets)
        case "csr":
            return _pem("CERTIFICATE REQUEST", b"\x30\x82\x02\x8a\x30\x82\x01\x72" + octets)
    raise ValueError(kind)


def _courier(draw: Random) -> str:
    body = digits(draw, 11)
    return body + str(int(body) % 7)


_SIMPLE: dict[str, Callable[[Random], str]] = {
    "my": mine, "no12": wrong, "uuid": uuid, "pw": password, "jwt": jwt, "corp": corporate, "isbn10": isbn10,
    "imei": lambda d: (body := "35" + digits(d, 12)) + luhn(body),
    "jan": lambda d: gtin(d.choice(("45", "49")) + digits(d, 10)), "isbn": lambda d: gtin("9784" + digits(d, 8)),
    "gtin14": lambda d: gtin("1" + digits(d, 12)), "sscc": lambda d: gtin("0" + digits(d, 16)), "track": _courier,
    "card": lambda d: card(d, d.choice(("visa", "mastercard", "jcb"))), "date": lambda d: f"{d.randint(1, 12)}月{d.randint(1, 28)}日",
    "day": lambda d: f"2026-{d.randint(1, 12):02d}-{d.randint(1, 28):02d}", "md": lambda d: f"{d.randint(1, 12)}/{d.randint(1, 28)}",
    "time": lambda d: f"{d.randint(8, 18):02d}:{d.choice(('00', '15', '30', '45'))}",
    "edate": lambda d: f"{d.randint(1, 28)} {d.choice(('January', 'February', 'March', 'May', 'June', 'October', 'December'))}",
    "exp": lambda d: f"{d.randint(1, 12):02d}/{d.randint(27, 32)}", "yen": lambda d: f"{d.randrange(8_000, 4_800_000, 500):,}",
    "pay": lambda d: f"{d.randrange(210_000, 640_000, 1000)}", "lat": lambda d: f"{d.uniform(31, 44):.6f}",
    "lon": lambda d: f"{d.uniform(130, 144):.6f}", "ip": lambda d: f"192.0.2.{d.randint(2, 250)}",
}  # fmt: skip


def _shaped(value: str, how: str) -> str:
    if how in ("4", "-", ".", "_", "4|"):
        return fours(value, {"4": " ", "-": "-", ".": ".", "_": "　", "4|": "|"}[how])
    if how in ("1", "1|"):
        return {"1": " ", "1|": "|"}[how].join(value)
    if how == "w":
        return value.translate({**WIDE, 0x2D: "－", 0x20: "　"})
    if how == "k":
        return value.translate(KANJI)
    if how == "last":
        return value[-4:]
    if how == "mask":
        return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}"
    if how == "rev":
        return value[::-1]
    raise ValueError(how)


def drawn(draw: Random, words: list[str]) -> str | None:
    """The value of `[=words]`, or None where it is no word of chance. A shape may follow the name of a number."""
    name, *rest = words
    if name in _BRANDS or name in _SIMPLE:
        value = card(draw, _BRANDS[name]) if name in _BRANDS else _SIMPLE[name](draw)
        for how in rest:
            value = _shaped(value, how)
        return value
    if name in _SETS:
        return "".join(draw.choice(_SETS[name]) for _ in range(int(rest[0])))
    match name:
        case "d":
            value = digits(draw, int(rest[0]))
            for how in rest[1:]:
                value = _shaped(value, how)
            return value
        case "n":
            return str(draw.randint(int(rest[0]), int(rest[1])))
        case "luhn":  # so many digits behind a prefix, that pass
            body = rest[1] + "".join(str(draw.randint(0, 9)) for _ in range(int(rest[0]) - len(rest[1]) - 1))
            value = body + luhn(body)
            for how in rest[2:]:
                value = _shaped(value, how)
            return value
        case "iban":
            return iban(draw, rest[0], int(rest[1]))
        case "key":
            return key(draw, rest[0]).rstrip("\n")
        case "pick":
            return draw.choice(" ".join(rest).split("/"))
        case "octets":  # so many, in base64
            return base64.b64encode(bytes(draw.randrange(256) for _ in range(int(rest[0])))).decode()
    return None
