"""Can mail leave? Every next hop of the settings is asked now, as for a mail: address, connection, TLS, login, extensions.

No mail is sent: the session ends behind EHLO and AUTH. It is asked from here, whether a node runs or not.
"""

import asyncio
from collections.abc import Sequence

from config.next_hop import NextHopSection
from config.settings import Settings
from config.words import LANGUAGES, known
from gateway.deliver.courier import Courier, Offered
from gateway.deliver.next_hop import NextHop
from gateway.deliver.wire import Broken
from gateway.from_settings import next_hop_of
from mail.cause import Cause
from mail.reply import Reply

SECONDS = 30.0
"""For one next hop, all of it."""
USED = ("8bitmime", "dsn", "pipelining", "size", "smtputf8")
"""Extensions that we use where they are offered."""
_LATE = Reply(451, "The next hop does not answer", 4, 1, cause=Cause.NO_ANSWER)


async def check(settings: Settings) -> int:
    """Print what each next hop answers; 1 when with one of them no session can be opened, or there is none."""
    answers = await asked(settings)
    for hop, names, answer in answers:
        print("\n".join(_told(hop, names, answer)))
    if not answers:
        print("no next hop is configured: neither mailbox, nor relay, nor routes")
    return 0 if answers and all(isinstance(answer, Offered) for _, _, answer in answers) else 1


async def asked(settings: Settings) -> list[tuple[NextHop, list[str], Offered | Reply]]:
    """Each next hop, its names in the settings, and what it offers or why no session can be opened."""
    hops, courier = named(settings), Courier(settings.hostname)
    try:
        answers = await asyncio.gather(*(_asked(courier, hop) for hop in hops))
    finally:
        await courier.close()
    return [(hop, names, answer) for (hop, names), answer in zip(hops.items(), answers, strict=True)]


def named(settings: Settings) -> dict[NextHop, list[str]]:
    """The next hops, each once, and by which names the settings have them."""
    sections: list[tuple[str, NextHopSection | None]] = [
        ("mailbox", settings.mailbox),
        ("relay", settings.relay),
        *((f"routes.{domain}", section) for domain, section in settings.routes.items()),
    ]
    for listener in settings.listeners:
        if (upstream := listener.upstream) is not None:
            sections += [
                (f"{listener.name}: relay", upstream.relay),
                (f"{listener.name}: mailbox", upstream.mailbox),
            ]
    found: dict[NextHop, list[str]] = {}
    for name, section in sections:
        if (hop := next_hop_of(section)) is not None:
            found.setdefault(hop, []).append(name)
    return found


async def _asked(courier: Courier, hop: NextHop) -> Offered | Reply:
    try:
        async with asyncio.timeout(SECONDS):
            return await courier.probe(hop)
    except Broken as broken:
        return broken.reply
    except TimeoutError:
        return _LATE


def _told(hop: NextHop, names: Sequence[str], answer: Offered | Reply) -> list[str]:
    head = f"{', '.join(names)}: {hop.name}{' (LMTP)' if hop.lmtp else ''}"
    if isinstance(answer, Offered):
        checked = "certificate checked" if hop.tls == "verify" else "certificate not checked"
        lacks = [name.upper() for name in USED if name not in answer.extensions]
        return [
            f"{head}: ok",
            f"    {f'{answer.tls}, {checked}' if answer.tls else 'not encrypted'}"
            + (f"; logged in as {hop.username}" if hop.username else ""),
            f"    offers {' '.join(answer.extensions).upper() or 'no extensions'}"
            + (f"; not {', '.join(lacks)}" if lacks else ""),
        ]
    cause = answer.cause or Cause.SESSION_REFUSED
    lines = [f"{head}: FAILED [{cause}] {answer.reason}".rstrip()]
    for language in LANGUAGES:
        said = (known(language, f"values.{kind}.{cause}") for kind in ("cause", "remedy"))
        lines.append("    " + " ".join(text for text in said if text))
    return lines
