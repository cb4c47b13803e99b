"""What the checkpoint sees in a file, part by part, for people who ask why something was (or was not) found."""

from typing import Any

import msgspec

from filters.extract import Budget, Extracted, Keys, extract
from filters.extract.keys import AGREED

SHOWN = 2_000
"""Characters of each text that are shown to a person; --json has all."""


def look(name: str, content: bytes, passphrases: list[str]) -> dict[str, Any]:
    """Kind, verdict, signs, members and texts of a file as plain data. The passphrases are tried and not repeated."""
    keys = Keys(lambda: [(word, AGREED) for word in passphrases])
    found: Extracted = extract(name, "", content, Budget(), keys=keys)
    answer = msgspec.to_builtins(found)
    answer["name"], answer["size"] = name, len(content)
    answer["texts"] = [{"place": place, "text": text} for place, text in found.texts]
    assert isinstance(answer, dict)
    return answer


def readable(answer: dict[str, Any]) -> str:
    """The same for a terminal; control characters of the file do not reach it."""
    why = f" ({answer['why']})" if answer["why"] else ""
    lines = [
        f"{answer['name']}: {answer['kind']}, {answer['true_type']}, {answer['size']} bytes, {answer['verdict'].upper()}{why}"
    ]
    if answer["locked"]:
        lines.append("  encrypted")
    lines += [
        f"  sign {s['name']}"
        + (f" in {s['place']}" if s["place"] else "")
        + (f": {s['quote']}" if s["quote"] else "")
        for s in answer["signs"]
    ]
    lines += [
        f"  member {m['path']}: {m['kind']}, {m['size']} bytes, {m['verdict']}" for m in answer["members"]
    ]
    for text in answer["texts"]:
        shown = text["text"][:SHOWN]
        lines.append(f"  text {text['place'] or 'of the file'}, {len(text['text'])} characters:")
        lines += [f"    {line}" for line in shown.splitlines() if line.strip()]
        if len(text["text"]) > SHOWN:
            lines.append("    …")
    return "\n".join(_printable(line) for line in lines)


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in line)
