"""Makes config/lists/dictionary.bin, the words that no password may be made of (OPS-PASSWORD):

    python -m tests.dictionary_words ZXCVBN_WHEEL SUDACHIDICT_CORE_WHEEL

from the frequency lists of `zxcvbn` (MIT: common passwords, English words and names) and the readings of SudachiDict
(Apache-2.0), of its commonest words, in romaji. Both are packages of PyPI; neither is needed otherwise, so neither is
installed. What is written are digests in order (config/dictionary.py reads them), not the words.
"""

import hashlib
import importlib.util
import mmap
import struct
import sys
import tempfile
import zipfile
from collections import Counter
from importlib.metadata import PathDistribution
from pathlib import Path

from config.dictionary import LEAST, LONGEST, SIZE, digest, plain

TARGET = Path(__file__).parent.parent / "config/lists/dictionary.bin"
READINGS = 50_000
"""Of the commonest Japanese words."""
SHORTEST = 4
"""Letters of a word in romaji: shorter ones are too often a chance."""
KINDS = ("普通名詞", "人名", "地名", "動詞", "形容詞", "副詞", "感動詞")

SAME = 255
"""In the place of a number of references: they are those of the number before."""
_VOWELS = "aiueo"
_ROWS = {
    "アイウエオ": ("", "", "", "", ""), "カキクケコ": ("k",) * 5, "ガギグゲゴ": ("g",) * 5, "サシスセソ": ("s", "sh", "s", "s", "s"),
    "ザジズゼゾ": ("z", "j", "z", "z", "z"), "タチツテト": ("t", "ch", "ts", "t", "t"), "ダヂヅデド": ("d", "j", "z", "d", "d"),
    "ナニヌネノ": ("n",) * 5, "ハヒフヘホ": ("h", "h", "f", "h", "h"), "バビブベボ": ("b",) * 5, "パピプペポ": ("p",) * 5,
    "マミムメモ": ("m",) * 5, "ラリルレロ": ("r",) * 5,
}  # fmt: skip
KANA = {
    kana: head + vowel
    for row, heads in _ROWS.items()
    for kana, head, vowel in zip(row, heads, _VOWELS, strict=True)
}
KANA |= {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "vu"}
SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
KUNREI = (("shi", "si"), ("chi", "ti"), ("tsu", "tu"), ("fu", "hu"), ("ji", "zi"), ("sha", "sya"), ("shu", "syu"),
          ("sho", "syo"), ("cha", "tya"), ("chu", "tyu"), ("cho", "tyo"), ("ja", "zya"), ("ju", "zyu"), ("jo", "zyo"))  # fmt: skip


def romaji(reading: str) -> set[str]:
    """A reading in katakana as people type it: Hepburn, Kunrei, long vowels written and not; nothing for other letters."""
    made = ""
    double = False
    for kana in reading:
        if kana == "ッ":
            double = True
            continue
        if kana == "ー":
            continue
        if kana in SMALL:
            small = SMALL[kana]
            made = (
                made[:-1] + (small[1:] if made[-2:] in ("hi", "ji") and small[0] == "y" else small)
                if made
                else ""
            )
            continue
        sound = KANA.get(kana)
        if sound is None:
            return set()
        made += (("t" if sound[0] == "c" else sound[0]) if double and sound[0] not in _VOWELS else "") + sound
        double = False
    kunrei = made
    for hepburn, other in KUNREI:
        kunrei = kunrei.replace(hepburn, other)
    short = made.replace("ou", "o").replace("oo", "o").replace("uu", "u")
    return {made, kunrei, short}


def of_zxcvbn(wheel: Path, folder: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        packed.extract("zxcvbn/frequency_lists.py", folder)
    spec = importlib.util.spec_from_file_location("frequency_lists", folder / "zxcvbn/frequency_lists.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {str(word) for words in module.FREQUENCY_LISTS.values() for word in words}


def of_sudachi(wheel: Path, folder: Path) -> set[str]:
    """The readings of the words that most others are made of, by the dictionary's own references."""
    name = "sudachidict_core/resources/system.dic"
    with zipfile.ZipFile(wheel) as packed:
        packed.extract(name, folder)
    with (folder / name).open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        uses = _uses(data)
        data.close()
    common = sorted(uses, key=lambda reading: (-uses[reading], reading))
    return {word for reading in common[:READINGS] for word in romaji(reading) if len(word) >= SHORTEST}


def _uses(data: mmap.mmap) -> Counter[str]:
    """How many words each reading of KINDS is a part of, and 1. The form is "SudachiBinaryDic", version 1: a table of
    sections at its head, entries of 32 octets and 4 for each reference to a part, by its place in eights of octets, strings in
    UTF-16 by length (5 bits) and place."""
    sections = {name: _section(data, name) for name in (b"POS", b"Strings", b"Entries")}
    kinds = _kinds(data, sections[b"POS"][0])
    strings, (begin, size) = sections[b"Strings"][0], sections[b"Entries"]
    readings: dict[int, str] = {}
    parts: Counter[int] = Counter()
    at = begin + 32
    while at + 32 <= begin + size:
        number = sum(each for each in data[at + 28 : at + 32] if each != SAME)
        _, _, _, kind, _, pointer = struct.unpack_from("<4h2I", data, at)
        parts.update(struct.unpack_from(f"<{number}I", data, at + 32))
        length = pointer >> 27
        if 0 <= kind < len(kinds) and kinds[kind] and 1 < length < 10:
            place = strings + 2 * (pointer & 0x7FFFFFF)
            readings[(at - begin) // 8] = data[place : place + 2 * length].decode("utf-16-le", "replace")
        at += (32 + 4 * number + 7) // 8 * 8
    found: Counter[str] = Counter()
    for entry, reading in readings.items():
        found[reading] += parts[entry] + 1
    return found


def _kinds(data: mmap.mmap, at: int) -> list[bool]:
    """Of each part of speech, by number: whether it is of KINDS."""
    (number,) = struct.unpack_from("<h", data, at)
    at += 2
    kinds = []
    for _ in range(number):
        names = []
        for _ in range(6):
            (length,) = struct.unpack_from("<h", data, at)
            names.append(data[at + 2 : at + 2 + 2 * length].decode("utf-16-le"))
            at += 2 + 2 * length
        kinds.append(any(name in KINDS for name in names))
    return kinds


def _section(data: mmap.mmap, name: bytes) -> tuple[int, int]:
    """Where it begins, and its length: two numbers of 7 bits an octet behind its name."""
    at = data.find(bytes([len(name)]) + name, 0, 4096) + 1 + len(name)
    numbers = []
    for _ in range(2):
        number = shift = 0
        while True:
            octet = data[at]
            at += 1
            number |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                break
        numbers.append(number)
    return numbers[0], numbers[1]


def main(zxcvbn: Path, sudachi: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        english, japanese = of_zxcvbn(zxcvbn, Path(folder)), of_sudachi(sudachi, Path(folder))
    words = {
        word for word in map(plain, english | japanese) if word.isalpha() and LEAST <= len(word) <= LONGEST
    }
    head = (
        f"Digests of {len(words)} words. Sources: {_name(zxcvbn)}, MIT, (c) Dan Wheeler, Dropbox, Inc. and others;"
        f" {_name(sudachi)}, Apache-2.0, (c) Works Applications Co., Ltd. Made by tests/dictionary_words.py.\n"
    )
    TARGET.write_bytes(head.encode() + b"".join(sorted({digest(word) for word in words})))
    print(
        len(english),
        len(japanese),
        len(words),
        SIZE,
        TARGET.stat().st_size,
        hashlib.sha256(TARGET.read_bytes()).hexdigest(),
    )


def _name(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as packed, tempfile.TemporaryDirectory() as folder:
        metadata = next(name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        packed.extract(metadata, folder)
        found = PathDistribution((Path(folder) / metadata).parent)
        return f"{found.name} {found.version}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
