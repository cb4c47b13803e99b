"""Many large mails at once: most are taken, and who is told to come again is served within two tries more.

The shape of 100 mails of 25 MB (docs/performance.md) in small: more mails than connections to the next hop, than workers,
and than what is examined together (gateway/locked/room.py).
"""

import asyncio
import smtplib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.locked.room import LARGE
from tests.services.node import DOMAIN, Site, site

MAILS = 12
LINE = b"meeting on Monday at ten, agenda as last week; please bring the figures\n"
BODY = LINE * (LARGE // len(LINE) + 1)
LIMITS = {"next_hop_connections": 3, "next_hop_connections_per_client": 3, "next_hop_wait": 20.0}

pytestmark = pytest.mark.timeout(300)


def sent(place: Site, number: int) -> int:
    """The last code that a sender hears."""
    head = f"From: a@partner.example\nSubject: minutes\nMessage-ID: <{number}@partner.example>\n\n"
    try:
        return place._send("a@partner.example", [f"taro@{DOMAIN}"], head.encode() + BODY, "inbound", "")[0]
    except smtplib.SMTPResponseException as error:
        return error.smtp_code


async def test_most_are_taken_at_once_and_all_within_two_tries_more(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(MAILS) as clients:
        async with site(tmp_path, workers={"count": 2}, limits=LIMITS) as place:
            left, taken = list(range(MAILS)), []
            for _ in range(3):
                codes = await asyncio.gather(
                    *(loop.run_in_executor(clients, sent, place, number) for number in left)
                )
                assert all(code == 250 or 400 <= code < 500 for code in codes), codes
                taken.append(codes.count(250))
                left = [number for number, code in zip(left, codes, strict=True) if code != 250]
            assert not left, taken
            assert taken[0] >= 0.6 * MAILS
            caught = await place.caught(MAILS)
            assert len(caught) == MAILS
            spool = place.node.settings.state_dir / "spool" / "tmp"
            assert not list(spool.iterdir()), "a draft was left behind"
