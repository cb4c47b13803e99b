"""IN-THEME: the mail rushes the reader, threatens, or says where to click."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import leads_home
from filters.lures.phrases import FAMILIES
from filters.rule import rule
from filters.trigger import Theme
from filters.views import ByLinks


@rule(control="IN-THEME", direction="inbound", wakes=(Theme(("urgency",)),))
def urgency(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Deadlines, threats to block or delete, orders to click. One phrase weighs 1, two or more weigh 2.

    What ordinary mail also says counts from two phrases on. When all links lead home, a single phrase does
    not count.
    """
    incoming = mail.incoming
    if incoming.known() or organisation.internal(incoming.author.address):
        return
    strong = FAMILIES["urgency"].strong_in(incoming.lures)
    hints = FAMILIES["urgency"].hints_in(incoming.lures)
    words = strong + hints if len(strong) + len(hints) >= 2 else strong
    modest = incoming.is_long or leads_home(mail)
    if len(words) >= (2 if modest else 1):
        evidence = tuple(incoming.quote(word) for word in words[:3])
        weight = 2 if not modest and (len(words) >= 3 or (strong and len(words) >= 2)) else 1
        yield Sight(evidence, weight=weight, values={"words": words[0][:40]})
