"""`sekisho report`: a month in figures for those who answer for the policy, in their language (OPS-REVIEW).

The figures are the database's, without the last seconds of a node that runs.
"""

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from config.policy import ConfigError
from config.settings import Settings
from config.tenant import DEFAULT
from config.words import LANGUAGES
from gateway.start.policies_in_force import keeper

PACKAGE = "fonts-ipaexfont-gothic"
"""Of Debian and Ubuntu: Japanese and Latin in one TrueType font (IPA Font License)."""
FONTS = (
    Path("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"),
    Path("/usr/share/fonts/ipa-ex-gothic/ipaexg.ttf"),
    Path("/usr/share/fonts/OTF/ipaexg.ttf"),
)
"""Where systems put it."""

if TYPE_CHECKING:
    from quarantine.review.month import MonthFigures
    from quarantine.review.sections import MonthReview


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho report`."""
    command.add_argument("--month", default="", metavar="YYYY-MM", help="of which month (this one, so far)")
    command.add_argument("--language", choices=sorted(LANGUAGES), help="default: the organisation's")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything")
    form.add_argument("--html", action="store_true", help="a page to read, print or send")
    form.add_argument("--csv", action="store_true", help="for a spreadsheet")
    form.add_argument(
        "--pdf", type=Path, metavar="FILE", help="written there (the extra pdf; a TrueType font)"
    )
    command.add_argument(
        "--font", type=Path, metavar="FILE", help="of --pdf; without: IPAexGothic, where it is installed"
    )
    command.add_argument("--tenant", default=DEFAULT, help=f"whose ({DEFAULT})")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the figures; the exit status."""
    from gateway.command.operator import opened, ran  # the parser of the command line needs none of it
    from gateway.command.policy import today_in
    from gateway.start.policy_in_force import current
    from quarantine.policies.versions import Versions
    from quarantine.review import forms
    from quarantine.review.month import figures
    from quarantine.review.sections import review

    today = today_in(settings.console.timezone)
    month = options.month or f"{today:%Y-%m}"
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise ConfigError([f"--month: a month is written {today:%Y-%m}"])
    if not ran(settings):
        raise ConfigError(["no node has run here yet: there are no figures"])
    async with opened(settings) as store:
        policy = await current(settings, Versions(store, keeper(settings, options.tenant)))
        found = await figures(store.database, policy, options.tenant, month, settings.console.timezone, today)
    if options.json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        return 0
    told = review(found, policy.organisation.name, options.language or policy.organisation.language)
    if options.pdf:
        return _write_pdf(told, options.pdf, options.font)
    print((forms.html if options.html else forms.table if options.csv else forms.text)(told))
    return 0


def _write_pdf(told: "MonthReview", to: Path, font: Path | None) -> int:
    """Raises ConfigError where there is no font that fits, or the extra is missing."""
    from quarantine.review.pdf import NoGlyphs, pdf

    chosen = font or next((path for path in FONTS if path.exists()), None)
    if chosen is None:
        raise ConfigError([f"--pdf: no font: install {PACKAGE}, or name a TrueType font with --font"])
    try:
        octets = pdf(told, chosen.read_bytes())
    except ImportError:
        raise ConfigError(["--pdf: reportlab is not installed: pip install sekisho[pdf]"]) from None
    except NoGlyphs as error:
        raise ConfigError([f"--pdf: {chosen}: {error}"]) from None
    to.write_bytes(octets)
    return 0


def as_json(found: "MonthFigures") -> dict[str, object]:
    """The figures, with the sums that the text tells."""
    exceptions = [
        {**msgspec.to_builtins(one), "standing": one.standing.value, "used": one.used}
        for one in found.exceptions
    ]
    sums = {"approved": found.approved, "blind": found.blind}
    return {**msgspec.to_builtins(found), "exceptions": exceptions, **sums}
