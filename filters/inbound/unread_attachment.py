"""IN-CRYPT: an attachment that could not be read to its end: damaged so that programs differ, or larger inside than is looked at."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.kinds import CONTAINERS
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import Mail, rule

_WHY = {
    "limit": ("大きすぎるか深すぎて、すべては検査できません", "too large or too deep to be inspected whole"),
    "corrupt": (
        "壊れているか、形が正しくないため検査できません",
        "damaged or malformed and cannot be inspected",
    ),
}


@rule(
    control="IN-CRYPT",
    direction="inbound",
    then="warn",
    weight=3,
    ja="添付ファイル「{name}」は、{why}",
    en='The attachment "{name}" is {why_en}',
)
def unread_attachment(mail: Mail, organisation: Organisation) -> Iterator[Sight]:
    """A file beyond the limits (weight 4), or an archive or disk image that is damaged; a damaged document weighs 1."""
    found = [f for f in mail.incoming.files if f.verdict in _WHY]
    if found:
        file = min(found, key=lambda f: (f.verdict != "limit", f.kind not in CONTAINERS))
        weight = 4 if file.verdict == "limit" else 3 if file.kind in CONTAINERS else 1
        ja, en = _WHY[file.verdict]
        evidence = tuple(Evidence(marked(f.name)[:120], f.place) for f in found[:3])
        values = {"name": marked(file.name)[:60], "why": ja, "why_en": en}
        yield Sight(evidence, weight=weight, values=values)
