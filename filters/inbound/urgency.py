"""IN-THEME: the mail hurries, threatens, or says where to click."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Finding
from filters.incoming import incoming_of
from filters.phrases import FAMILIES
from filters.rule import Mail, rule


@rule(
    control="IN-THEME",
    direction="inbound",
    then="warn",
    weight=2,
    ja="急がせたり不安にさせたりして操作を求めています（「{words}」）",
    en='It hurries or frightens the reader into acting ("{words}")',
)
def urgency(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """Deadlines, threats of a block or deletion, orders to click. One phrase weighs 1, two or more weigh 2."""
    incoming = incoming_of(mail)
    if incoming.known():
        return
    words = FAMILIES["urgency"].strong_in(incoming.plain)
    if len(words) >= (2 if incoming.is_long else 1):
        evidence = tuple(incoming.quote(word) for word in words[:3])
        weight = 2 if len(words) >= 2 and not incoming.is_long else 1
        yield Finding("", "", evidence, weight=weight, values={"words": words[0][:40]})
