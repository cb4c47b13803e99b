"""How well the inbound indicators tell bad mail from good: `python -m bench detect [--half tune|check] [--show FOLDER]`.

One line per folder and half: how many mails show at least one and two indicators (that the sender is new is none
here: everybody is), how many are warned of. Then one line per indicator: how often it is seen in bad mail and how
often in good mail. docs/detection.md keeps the figures.

The mails stand beside the project (../shared/corpus or $SEKISHO_CORPUS), one per file in folders by kind. Each
file belongs to one of two halves by the hash of its name: lists and weights are made looking at "tune" only.
Every sender is unknown, no check of SPF, DKIM or DMARC was made, the recipient is one of ours.
"""

import argparse
import hashlib
import os
import re
import time
from collections import Counter
from pathlib import Path

import msgspec

from config.policy import Organisation, Policy
from filters.decision.decide import by_default, score, warns
from filters.examine import look
from filters.facts import Facts, Origin, Thread
from filters.finding import Finding
from filters.rule import Mail
from filters.ruleset import OnDuty, Prepared, prepare
from mail.address import domain_of, header_addresses
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from mail.returned import mentioned

CORPUS = Path(os.environ.get("SEKISHO_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
OURS = "ours.example"
BOUNCES = "bounces"
"""Folder of reports on delivery: their reverse-path is null."""


class Seen(msgspec.Struct, frozen=True):
    """What the indicators said of one mail."""

    file: str
    findings: tuple[Finding, ...]
    score: int
    warned: bool
    seconds: float


def half(name: str) -> str:
    return "tune" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "check"


def envelope_of(message: Message) -> Envelope:
    """The envelope as it may have been: Return-Path, what another receiver noted, else From."""
    sender = ""
    if field := message.first("return-path"):
        sender = next((b.address for b in header_addresses(field.value) if "@" in b.address), "")
    if not sender and (field := message.first("received-spf")):
        match = re.search(r"envelope-from=\"?<?([^;>\"\s]+@[^;>\"\s]+)", field.text)
        sender = match[1] if match else ""
    if not sender and (field := message.first("from")):
        sender = next((b.address for b in header_addresses(field.value) if "@" in b.address), "")
    return Envelope(sender if domain_of(sender) else "", (ForwardPath(f"user@{OURS}"),))


def judge(path: Path, prepared: Prepared, *, sent: bool = False) -> Seen:
    """`sent`: the mail that a report returns was ours."""
    message = Message(path.read_bytes())
    envelope = envelope_of(message)
    if path.parent.name == BOUNCES and not path.name.startswith("arf"):
        envelope = msgspec.structs.replace(envelope, reverse_path="")
    ours = dict.fromkeys(mentioned(message.raw), Thread()) if sent else {}
    facts = Facts("inbound", Origin("mx", "192.0.2.1"), envelope, sent=ours)
    start = time.perf_counter()
    findings = look(Mail(message, facts), prepared)
    seconds = time.perf_counter() - start
    weighed = by_default(prepared, findings)
    return Seen(path.name, tuple(findings), score(weighed)[0], warns(prepared, weighed), seconds)


def indicators(seen: Seen) -> set[str]:
    """The different indicators of a mail, without first_contact and what is only observed."""
    return {f.rule for f in seen.findings if f.weight > 0} - {"first_contact"}


def table(folder: str, which: str, seen: list[Seen]) -> None:
    if not seen:
        return
    counts = [len(indicators(s)) for s in seen]
    size = len(seen)
    warned = sum(s.warned for s in seen)
    print(
        f"{folder:<15}{which:<6}{size:>5}  >=1 {sum(c >= 1 for c in counts) / size:6.1%}  "
        f">=2 {sum(c >= 2 for c in counts) / size:6.1%}  warned {warned / size:6.1%} ({warned})  "
        f"median {sorted(s.seconds for s in seen)[size // 2] * 1000:.0f} ms, most {max(s.seconds for s in seen) * 1000:.0f} ms"
    )


def lift(bad: list[Seen], good: list[Seen]) -> None:
    """Per indicator: its share of bad and of good mail, and how many times more often bad mail shows it."""
    if not bad or not good:
        return
    print(f"{'indicator':<26}{'bad':>8}{'good':>8}{'lift':>8}")
    in_bad, in_good = (Counter(rule for s in seen for rule in indicators(s)) for seen in (bad, good))
    for rule in sorted(in_bad.keys() | in_good.keys(), key=lambda r: -in_bad[r]):
        one, other = in_bad[rule] / len(bad), in_good[rule] / len(good)
        times = f"{one / other:.0f}" if other else "-"
        print(f"{rule:<26}{one:>8.1%}{other:>8.1%}{times:>8}")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench detect", description=__doc__)
    parser.add_argument("--half", choices=("tune", "check"), help="only this half")
    parser.add_argument("--show", metavar="FOLDER", help="list the mails of this folder with their findings")
    parser.add_argument(
        "--without", metavar="RULE", action="append", default=[], help="leave an indicator out"
    )
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        raise SystemExit("no corpus beside the project")
    prepared = prepare(Policy(organisation=Organisation(name="Ours", domains=(OURS,))))
    kept = tuple(p for p in prepared.rules if p.rule.name not in options.without)
    ready = {direction: OnDuty(kept, direction) for direction in prepared.ready}
    prepared = msgspec.structs.replace(prepared, rules=kept, ready=ready)
    bad: list[Seen] = []
    good: list[Seen] = []
    for folder in sorted(p for p in CORPUS.iterdir() if p.is_dir() and p.name != "documents"):
        for which in (options.half,) if options.half else ("tune", "check"):
            files = sorted(f for f in folder.iterdir() if half(f.name) == which)
            seen = [judge(file, prepared) for file in files]
            table(folder.name, which, seen)
            if folder.name == BOUNCES:
                table("  of our mail", which, [judge(file, prepared, sent=True) for file in files])
            if folder.name != BOUNCES:
                (bad if folder.name.startswith("phish") else good).extend(seen)
            if options.show == folder.name:
                for one in sorted(seen, key=lambda s: s.score):
                    names = ", ".join(f"{f.rule}:{f.weight}" for f in one.findings)
                    print(f"      {'W' if one.warned else '-'} {one.score:>3} {one.file}  {names}")
    lift(bad, good)
