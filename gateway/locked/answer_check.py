"""When we believe a worker: its answer is hostile data too, because hostile mail was near.

An answer must be an Examined by type, and then make sense for this mail: recipients that exist and are
conserved, verdicts no milder than what they are made of, edits in range that do not collide and that the verdict
explains, and bytes that cannot become another SMTP command or header further on.

Diagnostics: Nonsense, with what is wrong; its mail is held like one that could not be examined.
"""

import re
from collections import Counter
from collections.abc import Set

import msgspec

from config.approval import chain
from config.cases import LONGEST_WAIT
from config.consequence import UNTIL_RELEASED
from config.policy import Policy
from filters.examine import ALWAYS, indispensable, rewriters
from filters.examined import UNEXAMINABLE, Copy, Examined, Lesson, Summary
from filters.facts import ENCRYPT, LOCKED_FILE, Facts, Secrets
from filters.finding import Evidence, Finding
from filters.reading.habits import ASPECTS
from filters.rewrite import REWRITERS, Reach, preserving
from filters.rule import Mail
from filters.ruleset import discover
from filters.verdict import PASS, Disposition, Verdict
from gateway.locked.channel import Answer, Failure, Needs, joined
from mail.charset import unfold
from mail.compose import Edit, RewriteError, applied, ordered
from mail.message import Message

discover()  # so that REWRITERS knows them all

MAX_FINDINGS = 2_000
MAX_EVIDENCE = 100
MAX_TEXT = 8_192
"""Most characters that any single text of an answer may have."""

MAX_SHOWN = 100_000
"""Most characters of a file that is shown."""

TOO_LARGE = frozenset({"header-block-too-large", "header-too-large", "too-many-headers"})
"""Problems of a header that was not read to its end: nobody rewrites such a mail."""

_NAME = re.compile(r"[\w.-]{1,64}")
_HEADERS = re.compile(rb"(?:[!-9;-~]{1,76}:[^\r\n\0]{0,997}\r\n(?:[ \t][^\r\n\0]{0,997}\r\n)*)*")
_SOURCES = frozenset({"", "address", "domain", "generated"})

_needs = msgspec.msgpack.Decoder(Needs)
_answers = msgspec.msgpack.Decoder(Answer)
_failures = msgspec.msgpack.Decoder(Failure)


class Nonsense(ValueError):
    """A worker's answer that cannot be true."""


def believed(
    head: bytes | memoryview,
    data: memoryview,
    facts: Facts,
    raw: memoryview,
    policy: Policy,
    given: Set[str] = frozenset(),
) -> Examined:
    """The Examined in the two parts of an answer about the mail `raw`, examined by `policy`; `given` are the purposes
    for which secrets were told. Raises Nonsense."""
    try:
        examined = joined(_answers.decode(head), data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Nonsense(f"not an answer: {type(error).__name__}") from error
    _check(examined, len(facts.envelope.forward_paths), raw)
    _check_given(examined, given)
    if examined.verdict.disposition is not Disposition.REJECT:
        mail = Mail(Message(raw), facts)
        for copy in examined.copies:
            explain(copy, mail, policy)
    return examined


def failure(head: bytes | memoryview) -> Failure:
    """What a worker says of its own failure. Raises Nonsense."""
    try:
        return _failures.decode(head)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Nonsense("not a failure either") from error


def needed(asked: bytes, facts: Facts, policy: Policy, given: set[str]) -> Secrets:
    """The secrets for which a worker asks, once for each purpose; it is added to `given`. Raises Nonsense."""
    try:
        needs = _needs.decode(asked)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Nonsense("not a question") from error
    if needs.purpose not in (ENCRYPT, LOCKED_FILE) or needs.purpose in given:
        raise Nonsense("secrets for nothing")
    encrypts = (
        facts.direction == "outbound" and policy.mode == "enforce" and "encrypt" in needs.verdict.rewrites
    )
    if needs.purpose == ENCRYPT and not (encrypts and not needs.verdict.rejects):
        raise Nonsense("secrets for a mail that is not encrypted")
    given.add(needs.purpose)
    return facts.secrets(needs.purpose)


def _check_given(examined: Examined, given: Set[str]) -> None:
    """Who was told how to encrypt has to: so that it shows."""
    if ENCRYPT in given and "encrypt" not in examined.verdict.rewrites:
        raise Nonsense("secrets for a mail that was not encrypted")
    if ENCRYPT not in given and any(copy.passphrase_source for copy in examined.copies):
        raise Nonsense("encrypted with what nobody told")


def unexaminable(facts: Facts, reason: str, mode: str = "enforce", edits: tuple[Edit, ...] = ()) -> Examined:
    """The answer for a mail that no worker could examine: a hold for every recipient.

    `reason` is for operators and reviewers: "crash", "time", "memory", "nonsense" or an exception's class.
    In the policy's mode "observe" nothing is ever held, nor is what was released before; the finding remains. `edits` are the changes that no mail
    leaves without (filters.examine.indispensable), in case that it is released or only observed.
    """
    passes = mode == "observe" or facts.released
    verdict = PASS if passes else Verdict(holds=frozenset({UNEXAMINABLE}))
    everybody = tuple(range(len(facts.envelope.forward_paths)))
    finding = Finding(
        UNEXAMINABLE, "", (Evidence(reason[:200], "worker"),), values={"where": "worker", "why": reason[:200]}
    )
    return Examined(
        findings=(finding,), verdict=verdict, copies=(Copy(everybody, verdict, edits),) if everybody else ()
    )


def _check(examined: Examined, recipients: int, raw: memoryview) -> None:
    if len(examined.findings) > MAX_FINDINGS:
        raise Nonsense("too many findings")
    for finding in examined.findings:
        _check_finding(finding, recipients)
    _check_verdict(examined.verdict)
    seen: list[int] = []
    whole = PASS
    for copy in examined.copies:
        seen += copy.recipients
        whole |= copy.verdict
        _check_copy(copy, raw)
    if sorted(seen) != list(range(recipients)) and not (
        examined.verdict.disposition is Disposition.REJECT and not seen
    ):
        raise Nonsense("recipients are not conserved")
    if not whole <= examined.verdict:
        raise Nonsense("a copy's verdict is stricter than the mail's")
    for summary in (examined.summary, *(r.summary for r in examined.reported)):
        _check_summary(summary)
    for reported in examined.reported:
        if len(reported.mail_ids) > MAX_EVIDENCE or not all(map(_NAME.fullmatch, reported.mail_ids)):
            raise Nonsense("impossible ids")
    if len(examined.reported) > MAX_EVIDENCE:
        raise Nonsense("too many reported mails")
    _check_lesson(examined.lesson)
    _check_shown(examined)
    if not _HEADERS.fullmatch(examined.headers):
        raise Nonsense("malformed headers")


def _check_lesson(lesson: Lesson) -> None:
    if max(len(lesson.names), len(lesson.visible), *map(len, lesson.names.values()), 0) > MAX_FINDINGS:
        raise Nonsense("a lesson about too much")
    if len(lesson.habits) > len(ASPECTS) or not lesson.habits.keys() <= set(ASPECTS):
        raise Nonsense("habits that nobody has")
    for text in (lesson.company, lesson.reply_to, *lesson.visible, *lesson.names, *lesson.habits.values()):
        _check_text(text)
    for text in (name for names in lesson.names.values() for name in names):
        _check_text(text)


def _check_shown(examined: Examined) -> None:
    """Texts for people; they are shown as text, so that only their amount matters."""
    size = sum(len(text) for file in examined.shown for _, text in file.texts)
    if len(examined.shown) > 1 or size > MAX_SHOWN:
        raise Nonsense("too much to show")
    for file in examined.shown:
        for text in (file.name, file.kind, file.verdict, *(place for place, _ in file.texts)):
            _check_text(text)


def _check_summary(summary: Summary) -> None:
    for value in msgspec.structs.astuple(summary):
        if isinstance(value, bool):
            continue
        texts = (value,) if isinstance(value, str) else value
        if len(texts) > MAX_FINDINGS:
            raise Nonsense("too many attachments")
        for text in texts:
            _check_text(text)


def _check_finding(finding: Finding, recipients: int) -> None:
    if not _NAME.fullmatch(finding.rule):
        raise Nonsense("a finding without a rule")
    if len(finding.evidence) > MAX_EVIDENCE or len(finding.values) > MAX_EVIDENCE:
        raise Nonsense("too much evidence")
    for each in finding.evidence:
        _check_text(each.quote)
        _check_text(each.part)
    if len(finding.about) > MAX_EVIDENCE:
        raise Nonsense("a finding about too much")
    for text in (finding.control, finding.meant, *finding.about):
        _check_text(text)
    for key, value in finding.values.items():
        _check_text(key)
        _check_text(value)
    if finding.recipients is not None and not all(0 <= index < recipients for index in finding.recipients):
        raise Nonsense("a finding about a recipient that does not exist")


def _check_verdict(verdict: Verdict) -> None:
    for text in verdict.approvals:
        _check_text(text)
        try:
            chain(text)
        except ValueError:
            raise Nonsense("an approval by nobody") from None
    for names in (verdict.rejects, verdict.holds, verdict.rewrites, verdict.tells, verdict.reviews):
        if not all(map(_NAME.fullmatch, names)):
            raise Nonsense("a verdict with an impossible name")
    if not 0 <= verdict.fixed <= verdict.delay <= UNTIL_RELEASED:
        raise Nonsense("an impossible delay")
    if not all(w.reminders and 0 < w.reminders[-1] < w.days <= LONGEST_WAIT for w in verdict.waits):
        raise Nonsense("a wait without an end")


def _check_copy(copy: Copy, raw: memoryview) -> None:
    _check_verdict(copy.verdict)
    if not copy.recipients:
        raise Nonsense("a copy for nobody")
    if copy.passphrase_source not in _SOURCES:
        raise Nonsense("an impossible passphrase source")
    for edits in (copy.edits, copy.kept or ()):
        _check_edits(edits, raw)


def _check_edits(edits: tuple[Edit, ...], raw: memoryview) -> None:
    try:
        whole = ordered(edits, len(raw))
    except RewriteError as error:
        raise Nonsense(str(error)) from error
    for edit in whole:
        _check_edit(edit, raw)


def _check_edit(edit: Edit, raw: memoryview) -> None:
    """The mail came without stray CR, LF and NUL and must leave without (RFC 5321 §2.3.8)."""
    new = edit.new
    if not new.count(b"\r\n") == new.count(b"\r") == new.count(b"\n") or b"\0" in new:
        raise Nonsense("an edit with a stray CR, LF or NUL")
    for at in (edit.start, edit.end):
        if 0 < at < len(raw) and bytes(raw[at - 1 : at + 1]) == b"\r\n":
            raise Nonsense("an edit that splits a line end")


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise Nonsense("a text that is too long")


def explain(copy: Copy, mail: Mail, policy: Policy) -> None:
    """Edits of a copy, and of what is kept beside it, must be such as the rewriters of its verdict make. Raises Nonsense.

    A worker that a mail took over could otherwise give any mail any words. What always goes (Bcc, fields in our name) is
    worked out here once more and must be the same; whatever else is changed must lie where a rewriter that the verdict
    names works. So what such a worker does shows in the verdict, which the journal keeps.
    """
    if policy.mode == "observe" and copy.verdict != PASS:
        raise Nonsense("a verdict where nothing is decided")
    names = rewriters(policy, copy.verdict, mail.facts)
    _explained(copy.edits, names, mail, policy)
    if copy.kept is not None:
        _explained(copy.kept, preserving(names) | (copy.verdict.rewrites & {"banner"}), mail, policy)


def _explained(edits: tuple[Edit, ...], names: frozenset[str], mail: Mail, policy: Policy) -> None:
    direction = mail.facts.direction
    for name in sorted(names):
        if name not in REWRITERS or REWRITERS[name].reach.direction != direction:
            raise Nonsense(f"no rewriter of {direction} mail is called {name}")
    always = indispensable(mail, policy)
    if edits == always:
        return
    reaches = [REWRITERS[name].reach for name in names | ALWAYS[direction]]
    if any(reach.whole for reach in reaches):
        return
    if names <= ALWAYS[direction] or not TOO_LARGE.isdisjoint(mail.message.root.problems):
        raise Nonsense("other changes than those that are always made")
    _check_places(edits, always, reaches, mail.message)


def _check_places(
    edits: tuple[Edit, ...], always: tuple[Edit, ...], reaches: list[Reach], message: Message
) -> None:
    end = message.header_end
    head = [edit for edit in edits if edit.start < end]
    if any(edit.end > end for edit in head):
        raise Nonsense("an edit of header and body at once")
    if len(head) < len(edits) and not any(reach.body for reach in reaches):
        raise Nonsense("an edit of the body")
    # Most mails have only the changes there that are always made: those were worked out here.
    if head and message.headers and head != [edit for edit in always if edit.start < end]:
        _check_header(applied(message.view[:end], head), reaches, message)


def _check_header(left: bytes, reaches: list[Reach], message: Message) -> None:
    """The header as it is left differs only in fields that these rewriters take and put there."""
    after = Message(left)
    if after.header_end != len(left):
        raise Nonsense("a header that ends where it did not")
    old, new = _fields(message), _fields(after)
    gone, come = old - new, new - old
    if any(reach.folds for reach in reaches):
        if any(not line.strip() for _, raw in come for line in raw.removesuffix(b"\r\n").split(b"\r\n")):
            raise Nonsense("a header field with a blank line")
        lines = _unfolded(gone), _unfolded(come)
        gone, come = lines[0] - lines[1], lines[1] - lines[0]
    for name, _ in gone:
        if not any(reach.takes(name) for reach in reaches):
            raise Nonsense(f"a header field {name[:60]} that is gone")
    for name, _ in come:
        if not any(reach.gives(name) for reach in reaches):
            raise Nonsense(f"a header field {name[:60]} that is new")
    if len(left) - _size(new) != message.header_end - _size(old):
        raise Nonsense("lines of a header that are no field")


def _fields(message: Message) -> Counter[tuple[str, bytes]]:
    return Counter((header.name, header.raw) for header in message.headers)


def _unfolded(fields: Counter[tuple[str, bytes]]) -> Counter[tuple[str, bytes]]:
    return Counter((name, unfold(raw)) for name, raw in fields.elements())


def _size(fields: Counter[tuple[str, bytes]]) -> int:
    return sum(len(raw) * count for (_, raw), count in fields.items())
