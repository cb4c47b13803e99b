"""The checkpoint: bytes and facts in, findings, verdict and outgoing copies out. Pure; the same for both directions.

Diagnostics: whatever goes wrong inside (a rule or rewriter fails, edits collide, a recipient is lost) becomes
the finding `unexaminable` and a hold for every recipient. The copies then carry only the edits that every
mail needs, and their verdicts still name the rewrites that were due, so that nobody releases such a mail by
mistake.
"""

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import msgspec

import filters.rewriters.cleanse
import filters.rewriters.fields  # noqa: F401 (both register what ALWAYS names)
from config.policy import Policy
from filters import ruleset
from filters.decision.bounces import heard
from filters.decision.decide import Decided, by_default, concerns, features, score, warns
from filters.decision.outcome import outcome
from filters.examined import TRACES, UNEXAMINABLE, Copy, Examined, Features, Lesson, Summary
from filters.extract.found import Extracted
from filters.extract.reason import Reason
from filters.facts import ENCRYPT, Facts
from filters.finding import Evidence, Finding
from filters.lures.belonging import is_author_proved
from filters.reading.lesson import lesson
from filters.rewrite import preserving, rewritten
from filters.rewriters.completion import WANTED, completed
from filters.rule import Ask, Mail
from filters.ruleset import REBUILD, Prepared, PreparedRule, prepare
from filters.verdict import PASS, Disposition, Verdict
from mail.address import header_addresses
from mail.compose import Edit, RewriteError
from mail.message import LIMITS, Message, by_program

ALWAYS = {"outbound": frozenset({"bcc_field"}), "inbound": frozenset({"own_fields"})}
"""Rewriters applied to every copy of a direction, whatever the verdict and the mode."""
CAP = 300
NAMES = 50
_ENDS = frozenset(
    {
        Reason.BYTES, Reason.MEMBERS, Reason.RATIO, Reason.METHOD,
        Reason.CUT_OFF, Reason.MALFORMED, Reason.CHECKSUM, Reason.CONTRADICTORY,
    }
)  # fmt: skip
"""Why octets of a file were not read."""

Key = TypeVar("Key", bound=Hashable)


def examine(mail: Mail, policy: Policy | Prepared) -> Examined:
    """Examine one mail under a policy. Never raises because of what the mail contains."""
    prepared = policy if isinstance(policy, Prepared) else prepare(policy)
    findings = look(mail, prepared)
    try:
        summary = summarise(mail)
    except Exception as error:
        summary = Summary()
        findings.append(unexaminable("summary", error))
    try:
        examined = _conclude(mail, prepared, findings, summary)
    except Exception as error:
        findings.append(unexaminable("rewrite", error))
        examined = _held(mail, prepared, findings, summary)
    if mail.facts.direction == "inbound":
        return examined
    present = [name for name in WANTED if mail.message.first(name) is not None]
    return examined if len(present) == len(WANTED) else completed(examined, mail.facts, present)


def run(raw: bytes | memoryview, facts: Facts, prepared: Prepared, ask: Ask | None = None) -> Examined:
    """`examine` for the worker: builds the mail from its bytes."""
    mail = Mail(Message(raw), facts, ask)
    examined = examine(mail, prepared)
    return with_files(examined, mail) if facts.apart else examined


def with_files(examined: Examined, mail: Mail) -> Examined:
    """The answer with what a virus scanner may not find by itself: whatever was inside other files, and files that only
    another reading of the mail shows, or its texts hold."""
    budget = mail.reading.budget
    try:
        for attachment in mail.reading.attachments:
            if not attachment.own:
                budget.hand_out(attachment.content, hidden=True)
            budget.kept_back |= _stopped(attachment.extracted)  # reading it hands out what is inside
    except Exception:
        budget.kept_back = True
    return msgspec.structs.replace(examined, apart=tuple(budget.files), kept_back=budget.kept_back)


def _stopped(file: Extracted) -> bool:
    """Whether a file that is locked, so that no scanner looks into it, was not read to its end, though we may have what opens it."""
    ended = file.reason in _ENDS or any(member.verdict in ("limit", "corrupt") for member in file.members)
    return ended and (file.locked or "opened" in file.traits)


def look(mail: Mail, prepared: Prepared) -> list[Finding]:
    """The findings of all rules for the mail's direction; a rule that fails becomes a finding itself."""
    findings: list[Finding] = []
    try:
        over = sorted(set(mail.message.problems) & LIMITS)
        findings += [unexaminable("message", detail=name) for name in over]
    except Exception as error:
        return [unexaminable("message", error)]
    if findings:
        return findings
    try:
        if not mail.reading.complete:
            findings.append(unexaminable("readings", detail="more readings than were read"))
    except Exception as error:
        findings.append(unexaminable("readings", error))
    seen = asked(mail, prepared, prepared.awake(mail))
    if ruleset.COMPARING:
        compare(mail, prepared, seen)
    try:
        return findings + heard(mail.facts, mail.incoming, seen)
    except Exception as error:
        return [*findings, *seen, unexaminable("report", error)]


def asked(mail: Mail, prepared: Prepared, rules: Iterable[PreparedRule]) -> list[Finding]:
    """The findings of these rules; one that fails becomes a finding itself."""
    findings: list[Finding] = []
    for each in rules:
        try:
            findings += each.rule.look(mail, prepared.policy.organisation, each.settings, each.weight)
        except Exception as error:
            findings.append(unexaminable(each.rule.name, error))
    return findings


def compare(mail: Mail, prepared: Prepared, seen: list[Finding]) -> None:
    """Asks every rule about the mail, read afresh. Raises AssertionError when one that slept sees something."""
    whole = asked(mail.afresh(), prepared, prepared.of(mail.facts.direction))
    if seen != whole:
        names = sorted({f.rule for f in whole if f not in seen} | {f.rule for f in seen if f not in whole})
        raise AssertionError(f"the triggers of {', '.join(names)} let them sleep")


def unexaminable(where: str, error: BaseException | None = None, detail: str = "") -> Finding:
    """The finding for "we could not look". The exception's text stays out: it may quote the mail."""
    why = detail or (str(error) if isinstance(error, RewriteError) else type(error).__name__)
    return Finding(UNEXAMINABLE, "", (Evidence(why[:200], where),), values={"where": where, "why": why[:200]})


def _conclude(mail: Mail, prepared: Prepared, findings: list[Finding], summary: Summary) -> Examined:
    """What becomes of the mail: a verdict for each recipient, and a copy for those who share one."""
    if any(f.rule == UNEXAMINABLE for f in findings):
        return _held(mail, prepared, findings, summary)
    measured, facts = features(mail, prepared), mail.facts
    decided, verdicts = outcome(prepared, facts, measured, findings)
    warned = any("banner" in verdict.rewrites for verdict in decided.verdicts)
    total = _join(verdicts)
    refused = total.disposition is Disposition.REJECT
    if "encrypt" in total.rewrites and not refused:
        facts = mail.told(ENCRYPT, total)
    copies = []
    for (verdict, secret, *_), recipients in _sharing(_keys(prepared, facts, verdicts)).items():
        bare = Copy(recipients, verdict)
        copies.append(bare if refused else _made(bare, mail, prepared, findings, encrypted=bool(secret)))
    if sorted(i for copy in copies for i in copy.recipients) != list(range(len(verdicts))):
        raise RewriteError("recipients were lost or doubled")
    arriving = facts.direction == "inbound"
    taught = Lesson()
    if arriving:
        proved = is_author_proved(mail)
        usual = mail.incoming.habits if proved and not warned and mail.incoming.known() else {}
        taught = lesson(mail.leaving, arriving=True, proved=proved, habits=usual)
    elif facts.memory is not None:
        taught = lesson(mail.leaving)
    return _examined(prepared, facts, findings, summary, total, copies, warned, decided, measured, taught)


def _made(copy: Copy, mail: Mail, prepared: Prepared, findings: list[Finding], encrypted: bool) -> Copy:
    """The copy with everything its verdict asks for; if the mail loses something by it, with what is kept of that."""
    policy, facts, verdict, recipients = prepared.policy, mail.facts, copy.verdict, copy.recipients
    concerned, members = concerns(prepared, facts), set(recipients)
    concerning = [f for f in findings if not members.isdisjoint(concerned(f))]
    names = rewriters(policy, verdict, facts)
    made = rewritten(names, mail, policy, concerning, recipients)
    kept = None
    if made.lacking and policy.shown(warned="text" in names).keep_original:
        whole = preserving(names) | (verdict.rewrites & {"banner"})
        kept = rewritten(whole, mail, policy, concerning, recipients).edits
    source = _source(facts, recipients) if encrypted and any(n.startswith("encrypt") for n in made.by) else ""
    return Copy(recipients, verdict, made.edits, source, kept)


def rewriters(policy: Policy, verdict: Verdict, facts: Facts) -> frozenset[str]:
    """The changes to make: those of the verdict and those always made. A rebuilt mail needs no others."""
    if REBUILD in verdict.rewrites:
        return frozenset({REBUILD})
    names = verdict.rewrites | ALWAYS[facts.direction]
    if "each" in names:
        names = names - {"bcc"}  # it hides all that bcc hides
    if {"tidy", "encrypt"} <= names:
        names = names - {"tidy", "encrypt"} | {"encrypt_tidied"}
    if "zip_crypto" in names:
        names = frozenset(f"{n}_zip_crypto" if n.startswith("encrypt") else n for n in names - {"zip_crypto"})
    if "text" in names:
        return names - {"banner"}  # the text rewriter writes it, too
    every = policy.arriving
    if facts.direction == "inbound" and policy.mode == "enforce" and not (facts.released or verdict.holds):
        return names if (every.html, every.links) == ("keep", "keep") else names | {"text_of_all"}
    return names


def _keys(
    prepared: Prepared, facts: Facts, verdicts: list[Verdict]
) -> Iterator[tuple[Verdict, str, str, int]]:
    """What recipients must have in common to share a copy: the verdict; the passphrase, if attachments are
    encrypted; the language, if something is written for them to read; nothing, if each gets one."""
    for index, (recipient, verdict) in enumerate(zip(facts.envelope.recipients, verdicts, strict=True)):
        alone = index if "each" in verdict.rewrites else -1
        secret = facts.passphrase(recipient)[0] if "encrypt" in verdict.rewrites else ""
        said = facts.languages.get(recipient, "") or prepared.policy.organisation.language
        yield verdict, secret, said if "banner" in verdict.rewrites else "", alone


def _sharing(keys: Iterable[Key]) -> dict[Key, tuple[int, ...]]:
    """The indexes of the recipients that have the same key."""
    groups: dict[Key, list[int]] = {}
    for index, key in enumerate(keys):
        groups.setdefault(key, []).append(index)
    return {key: tuple(members) for key, members in groups.items()}


def _source(facts: Facts, recipients: tuple[int, ...]) -> str:
    """Where the copy's passphrase came from; the wider scope when its recipients differ."""
    everybody = facts.envelope.recipients
    sources = {facts.passphrase(everybody[i])[1] for i in recipients}
    return next((s for s in ("generated", "domain") if s in sources), "address")


def _held(mail: Mail, prepared: Prepared, findings: list[Finding], summary: Summary) -> Examined:
    """What becomes of a mail that could not be examined: a hold, unless it was released or is only observed."""
    facts, policy = mail.facts, prepared.policy
    measured = Features(len(mail.message.raw))
    decided, verdicts = outcome(prepared, facts, measured, findings)
    always = indispensable(mail, policy)
    rebuilt: tuple[Edit, ...] = ()
    if any(REBUILD in verdict.rewrites for verdict in verdicts):
        rebuilt = _if_possible(frozenset({REBUILD}), mail, policy, findings)
    copies = [
        Copy(members, verdict, rebuilt if REBUILD in verdict.rewrites else always)
        for verdict, members in _sharing(verdicts).items()
    ]
    warned = facts.direction == "inbound" and warns(prepared, by_default(prepared, findings))
    return _examined(
        prepared, facts, findings, summary, _join(verdicts), copies, warned, decided, measured, Lesson()
    )


def indispensable(mail: Mail, policy: Policy) -> tuple[Edit, ...]:
    """The changes made to every mail, in any mode and whatever else failed: Bcc and fields in our name are removed.

    They need only the header. () when even these cannot be made.
    """
    return _if_possible(ALWAYS[mail.facts.direction], mail, policy, ())


def _if_possible(
    names: frozenset[str], mail: Mail, policy: Policy, findings: Sequence[Finding]
) -> tuple[Edit, ...]:
    """The edits of these rewriters for all recipients, as far as the mail can be read; () when they fail."""
    everybody = tuple(range(len(mail.facts.envelope.forward_paths)))
    try:
        return rewritten(names, mail, policy, findings, everybody).edits
    except Exception:
        return ()


def _examined(
    prepared: Prepared,
    facts: Facts,
    findings: list[Finding],
    summary: Summary,
    verdict: Verdict,
    copies: list[Copy],
    warned: bool,
    decided: Decided,
    measured: Features,
    taught: Lesson,
) -> Examined:
    headers = _fields(findings, warned, prepared.policy.mode) if facts.direction == "inbound" else b""
    return Examined(
        findings=tuple(findings),
        verdict=verdict,
        copies=tuple(copies),
        summary=summary,
        warned=warned,
        score=decided.score if decided.verdicts else score(by_default(prepared, findings))[0],
        headers=headers,
        features=measured,
        applied=decided.applied,
        policy=prepared.policy.version,
        lesson=taught,
    )


def _fields(findings: list[Finding], warned: bool, mode: str) -> bytes:
    """Our header fields of an inbound mail: what was seen, by rule name. Outbound mail tells the world nothing."""
    names = sorted({f.rule for f in findings})
    lines = [f"X-Sekisho-Warning: {'yes' if warned else 'no'}; mode={mode}"]
    if names:
        lines.append("X-Sekisho-Findings:" + ",\r\n".join(f" {name}" for name in names))
    return ("\r\n".join(lines) + "\r\n").encode("ascii", "replace")


def _join(verdicts: Sequence[Verdict]) -> Verdict:
    total = PASS
    for verdict in verdicts:
        total |= verdict
    return total


def summarise(mail: Mail) -> Summary:
    """Decoded, length-capped header fields and attachment names."""
    message = mail.message

    def field(name: str) -> str:
        header = message.first(name)
        return " ".join(header.text.split())[:CAP] if header else ""

    inbound = mail.facts.direction == "inbound"
    header = message.first("from")
    author = next(iter(header_addresses(header.value)), None) if header else None
    return Summary(
        subject=field("subject"),
        author=author.address[:CAP] if author else "",
        author_name=author.name[:CAP] if author else "",
        message_id=field("message-id"),
        to=field("to"),
        cc=field("cc"),
        attachments=_names(mail),
        hosts=tuple(host[:CAP] for host in mail.incoming.hosts[:TRACES]) if inbound else (),
        files=_digests(mail) if inbound else (),
        automatic=by_program(header.text for header in message.all("auto-submitted")),
    )


def _digests(mail: Mail) -> tuple[str, ...]:
    """Hashes that identify the same file in other mails."""
    files = (a for a in mail.reading.attachments if not a.inline_image)
    return tuple(dict.fromkeys(hashlib.sha256(a.content).hexdigest() for a in islice(files, TRACES)))


def _names(mail: Mail) -> tuple[str, ...]:
    """File names; those from another reading only if they are new."""
    names: list[str] = []
    for attachment in mail.reading.attachments:
        if attachment.own or attachment.name not in names:
            names.append(attachment.name[:CAP])
    return tuple(names[:NAMES])
