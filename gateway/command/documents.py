"""The documents that are generated from the code, so that they cannot drift from it; CI compares them."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from config import log_events
from filters.ambiguity import markdown as ambiguity_markdown
from filters.ruleset import controls_markdown, rules_markdown
from quarantine import events
from quarantine.lifecycle import table_markdown
from quarantine.rights import markdown as rights_markdown


def _events() -> str:
    """docs/events.md: what may stand in the log and in the journal."""
    return "\n".join(
        [
            "# Events",
            "",
            "## In the log",
            "",
            "Lines of JSON on standard error. Each has, besides its own fields, `event`, `level`, `timestamp`",
            "(UTC), `node`, and `tenant`, which is `-` where the whole node is concerned.",
            "",
            log_events.markdown(),
            "## In the journal",
            "",
            "Evidence, kept in the database in a chain (`sekisho journal verify`).",
            "",
            events.markdown(),
        ]
    )


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/rules.md": rules_markdown,
    "docs/controls.md": controls_markdown,
    "docs/ambiguity.md": ambiguity_markdown,
    "docs/states.md": table_markdown,
    "docs/events.md": _events,
    "docs/rights.md": rights_markdown,
}

WIDTH = 100
"""Of a document's lines, in characters."""
_WORD = re.compile(r"\s*(?:`[^`]*`|[^\s`。]|`)*。*")
"""What a line can be broken before: a blank, or (Japanese has none) the end of a sentence."""
_BEGINNING = re.compile(r"(- |> )?")


def wrapped(markdown: str) -> str:
    """Markdown with its paragraphs, list items and quotes wrapped; tables, headings and examples as they are."""
    lines: list[str] = []
    paragraph, example = "", False
    for line in [*markdown.splitlines(), ""]:
        example ^= line.startswith("```")
        verbatim = example or line.startswith(("#", "|", "```"))
        if not verbatim and line and line[0] not in "->":
            paragraph = f"{paragraph} {line}" if paragraph else line
            continue
        lines += _lines(paragraph) if paragraph else []
        paragraph = ""
        lines += [line] if verbatim else _lines(line)
    return "\n".join(lines[:-1])


def _lines(line: str) -> list[str]:
    """One line as several, never broken inside `code`; the mark of a quote is repeated, a list's indented."""
    first = _BEGINNING.match(line)[0]  # type: ignore[index]  # it matches everything
    lines = [first]
    for word in _WORD.findall(line[len(first) :].rstrip()):
        if lines[-1] != first and len(lines[-1]) + len(word) > WIDTH:
            lines.append(first.replace("-", " "))
        lines[-1] += word.lstrip() if len(lines[-1]) == len(first) else word
    return lines


def write(root: Path | None = None, *, check: bool = False) -> int:
    """Write the documents below `root` (default: the project), or only compare; answers the exit status."""
    root = root or Path(__file__).parents[2]
    stale = []
    for name, text in DOCUMENTS.items():
        path = root / name
        current = wrapped(text()).rstrip("\n") + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != current:
            stale.append(name)
            if not check:
                path.write_text(current, encoding="utf-8")
    if check and stale:
        print(f"not current: {', '.join(stale)}; run ./dev docs", file=sys.stderr)
        return 1
    return 0
