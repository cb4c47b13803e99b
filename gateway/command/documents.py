"""The documents that are generated from the code, so that they cannot lie; CI compares them."""

import sys
from collections.abc import Callable
from pathlib import Path

from filters.ambiguity import markdown as ambiguity_markdown
from filters.ruleset import controls_markdown, rules_markdown
from quarantine.lifecycle import table_markdown

DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/rules.md": rules_markdown,
    "docs/controls.md": controls_markdown,
    "docs/ambiguity.md": ambiguity_markdown,
    "docs/states.md": table_markdown,
}


def write(root: Path | None = None, *, check: bool = False) -> int:
    """Write the documents below `root` (default: the project), or only compare; answers the exit status."""
    root = root or Path(__file__).parents[2]
    stale = []
    for name, text in DOCUMENTS.items():
        path = root / name
        current = text().rstrip("\n") + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != current:
            stale.append(name)
            if not check:
                path.write_text(current, encoding="utf-8")
    if check and stale:
        print(f"not current: {', '.join(stale)}; run ./dev docs", file=sys.stderr)
        return 1
    return 0
