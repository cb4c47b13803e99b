"""OUT-ENCRYPT: an attachment of a kind that nothing here can read."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Finding
from filters.reading import reading_of
from filters.rule import Mail, rule, seen


@rule(
    control="OUT-ENCRYPT",
    direction="outbound",
    then="observe",
    ja="添付ファイル「{name}」の形式には対応していないため、内容を検査できません（{why}）",
    en='The attachment "{name}" is of a kind that cannot be examined ({why})',
)
def unsupported_attachment(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """No reader knows the kind of an attachment, or a PDF has pictures only."""
    for attachment in reading_of(mail).attachments:
        if attachment.extracted.verdict == "unsupported":
            values = {"name": attachment.name[:80], "why": attachment.extracted.why[:80]}
            yield seen(attachment.name, attachment.path, values=values)
