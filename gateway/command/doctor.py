"""`sekisho doctor`: what is wrong with this installation, each with how it is mended."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from structlog.testing import capture_logs

from config.words import LANGUAGES
from gateway.doctor.ailment import Ailment, Grade
from gateway.doctor.examination import CHECKS, examine


def run(path: Path | None, addresses: Sequence[str] = (), *, as_json: bool = False) -> int:
    """Print everything that is wrong; 1 when some of it fails, 0 for none and for notes."""
    with capture_logs():  # what is lost while we look is a finding; the log of operation is the node's
        found = asyncio.run(examine(path, addresses=addresses))
    failing = sum(each.grade is Grade.FAILS for each in found)
    if as_json:
        told = {"checks": list(CHECKS), "failing": failing, "findings": [each.told for each in found]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(readable(found, failing))
    return 1 if failing else 0


def readable(found: list[Ailment], failing: int) -> str:
    """For a terminal: check by check, in every language."""
    lines = []
    for check in (*CHECKS, *sorted({each.of for each in found} - set(CHECKS))):
        for each in (one for one in found if one.of == check):
            lines.append(f"{'FAILS' if each.grade is Grade.FAILS else 'note '} {check}")
            for language in LANGUAGES:
                lines += [f"      {each.said(language)}", f"      -> {each.mend(language)}"]
    good = [check for check in CHECKS if not any(each.of == check for each in found)]
    if good:
        lines.append(f"ok: {', '.join(good)}")
    lines.append(f"{failing} {'fails' if failing == 1 else 'fail'}, {len(found) - failing} to note")
    return "\n".join(lines)
