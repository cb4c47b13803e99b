"""IN-THEME: the mail is about one of the things with which people are made to open mails."""

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
    ja="だますメールによく使われる話題です（{theme}）",
    en="It is about something that deceiving mails often use ({theme_en})",
)
def theme(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """One of the families of themes, Japanese or English (and some other languages), from somebody unknown.

    A few words alone weigh 1, a phrase 2, several different phrases 3; in long reading matter a single phrase
    says nothing and several weigh one less.
    """
    incoming = incoming_of(mail)
    if incoming.known():
        return
    best: tuple[int, str, list[str]] | None = None
    for name, family in FAMILIES.items():
        if name == "urgency":
            continue
        strong = family.strong_in(incoming.plain)
        words = strong or family.found(incoming.plain)
        weight = (3 if len(strong) >= 3 else 2) if strong else 1 if words else 0
        if incoming.is_long:
            weight = min(weight, 2 if len(strong) >= 4 else 1 if len(strong) >= 2 else 0)
        if weight and (best is None or (weight, len(words)) > (best[0], len(best[2]))):
            best = weight, name, words
    if best:
        weight, name, words = best
        evidence = tuple(incoming.quote(word) for word in words[:3])
        values = {"theme": FAMILIES[name].ja, "theme_en": FAMILIES[name].en, "family": name}
        yield Finding("", "", evidence, weight=weight, values=values)
