"""A mail that could be read in more than one way is rebuilt from everything that was read in it."""

from collections.abc import Sequence

from config.policy import Policy
from config.words import say
from filters.finding import Finding
from filters.lures.names import IMAGES, LINKS, RUNS, SCRIPTS, extension
from filters.reading.reading import Attachment, Reading
from filters.rewrite import Reach, language_of, rewriter
from filters.rewriters.defang import defanged
from filters.rule import Mail
from mail.ambiguity import ambiguities
from mail.compose import Edit, RewriteError
from mail.message import Message
from mail.rebuild import AttachedFile, clean_name, lf, rebuilt

SPARE = 4 << 20
MAX_TEXT = 2_000_000
"""Characters of text that a rebuilt mail may have."""

RULE = "-" * 70


@rewriter("rebuild", reach=Reach("inbound", whole=True))
def rebuild(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """One edit that replaces the whole mail: a note, the texts of all readings, every file of all readings once.

    Whatever would make it much larger than the mail was is left out, and the note names it. The result is
    examined once more. Raises RewriteError if it could still be read in two ways.
    """
    reading = mail.reading
    room = len(mail.message) + SPARE
    files: list[AttachedFile] = []
    left: list[str] = []
    seen: set[tuple[str, bytes]] = set()
    for attachment in reading.attachments:
        file = AttachedFile(_name(attachment), attachment.part.content_type, attachment.content)
        if (file.name, file.content) in seen:
            continue
        seen.add((file.name, file.content))
        room -= len(file.content)
        if room < 0:
            left.append(clean_name(file.name))
            continue
        files.append(file)
    mark = policy.warn.mark(language_of(mail, policy, recipients))
    texts = _texts(reading)
    if policy.shown(warned=True).links == "defang":
        texts = [defanged(text) for text in texts]
    new = rebuilt(mail.message, _note(left, policy), texts, files, mark)
    written = Message(new)
    if (left_over := ambiguities(written)) or written.problems:
        why = left_over[0].name if left_over else written.problems[0]
        raise RewriteError(f"the rebuilt mail can be read in two ways: {why}")
    return [Edit(0, len(mail.message), new)]


def _note(left: list[str], policy: Policy) -> str:
    """What it is, in every language of the organisation, above everything that was read."""
    names = ", ".join(left[:20])
    notes = [
        say(language, "rewriters.rebuild.text")
        + (say(language, "rewriters.rebuild.left", names=names) + "\n" if left else "")
        for language in policy.organisation.speaks
    ]
    return "\n".join([*notes, RULE, ""])


def _texts(reading: Reading) -> list[str]:
    """The different texts of all readings, HTML as text."""
    texts: list[str] = []
    room = MAX_TEXT
    for text in dict.fromkeys(lf(body.raw).strip("\n") for body in reading.bodies):
        if text.strip() and room > 0:
            texts.append(text[:room])
            room -= len(text)
    return texts


def _name(attachment: Attachment) -> str:
    """The name that says most honestly what opens the file: of several, one that runs. A mail becomes a text."""
    part = attachment.part
    if part.is_message:
        return f"{attachment.name.removesuffix('.eml')}.eml.txt"
    names = part.filenames or (attachment.name,)
    return next((n for n in names if extension(n) in RUNS | LINKS | IMAGES | SCRIPTS), names[0])
