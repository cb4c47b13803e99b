"""Recall against the clock: whoever is told "taken back" can rely on it, whoever is told "too late" too."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.ledger import Sent
from tests.crash.mails import ITO, SATO, mail
from tests.crash.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

DELAY = 3
AROUND = 0.25
"""Seconds before and after its time at which a mail is recalled."""
CLICKERS = 4


def press_all(
    site: Site, visitor: Visitor, sent: list[Sent], chance: random.Random, button: str, **fields: str
) -> dict[str, str]:
    """Press a button of each of the mails about when it is due, from several browsers; what was said, by message-id."""
    due = {row[0]: row[1] for row in site.custody.sql("SELECT id, due_at FROM item WHERE state = 'held'")}
    plan = [(due[item_of(s)] + chance.uniform(-AROUND, AROUND), s) for s in sent if item_of(s) in due]
    said: dict[str, str] = {}
    gateway = site.running

    def click(mine: list[tuple[float, Sent]]) -> None:
        for at, one in sorted(mine, key=lambda pair: pair[0]):
            time.sleep(max(0.0, at - time.time()))
            said[one.mail.message_id] = visitor.press(gateway, item_of(one), button, **fields)

    threads = [
        threading.Thread(target=click, args=(plan[n::CLICKERS],), daemon=True) for n in range(CLICKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def item_of(sent: Sent) -> str:
    return sent.text.partition("Accepted as ")[2].partition(";")[0]


def play(site: Site, rounds: int, kind: str, button: str, **fields: str) -> Iterator[tuple[Sent, str]]:
    """Rounds of mails on which a button is pressed at the last moment; the process is killed in two of three. Each mail,
    with what was said."""
    chance, visitor = random.Random(rounds), Visitor("taro")
    for number in range(rounds):
        gateway = site.start()
        visitor.enter(gateway)
        sent = [s for s in site.play([mail(kind) for _ in range(24)]) if s.acked]
        first = min(s.began for s in sent)
        if number % 3:
            seconds = first + DELAY + chance.uniform(0, 0.7) - time.time()
            threading.Timer(max(seconds, 0), site.kill).start()
        said = press_all(site, visitor, sent, chance, button, **fields)
        if number % 3:
            assert gateway.wait(10)
        else:
            assert site.quiet()
            site.stop()
        time.sleep(0.1)
        for one in sent:
            yield one, said.get(one.mail.message_id, "")


@pytest.mark.parametrize("rounds", [4, pytest.param(15, marks=pytest.mark.slow)])
def test_what_was_taken_back_never_leaves(rounds: int, tmp_path: Path) -> None:
    with Site(tmp_path, delay=DELAY) as site:
        told = Counter[str]()
        for one, answer in play(site, rounds, "external", "recall"):
            states = site.custody.sql("SELECT state FROM item WHERE id = ?", item_of(one))
            if answer == "did_recall" or (not answer and states == [("withdrawn",)]):
                one.recalled = time.time()
            if answer == "did_recall":
                assert states == [("withdrawn",)], "said to be taken back, and it is not"
            if answer == "late":
                assert states != [("withdrawn",)], "said to be too late, and it was taken back"
            told[answer or "nothing heard"] += 1
        site.settle()
        audit = site.audit()
        print(f"\n{dict(told)}, {site.kills} kills: {audit}")
        assert not audit.wrong, audit.wrong
        assert told["did_recall"]
        assert told["late"] or told["nothing heard"]


@pytest.mark.parametrize("rounds", [4, pytest.param(15, marks=pytest.mark.slow)])
def test_who_was_taken_back_never_gets_it_and_the_others_do(rounds: int, tmp_path: Path) -> None:
    """One recipient of two, as the mail is due: what was said of them holds, and the other is neither lost nor served twice."""
    with Site(tmp_path, delay=DELAY) as site:
        told = Counter[str]()
        for one, answer in play(site, rounds, "several", "drop", recipient="1"):
            state = site.custody.sql(
                "SELECT status FROM recipient WHERE item = ? AND address = ?", item_of(one), ITO
            )
            if answer == "did_drop" or (not answer and state == [("withdrawn",)]):
                one.dropped = frozenset({ITO})
            if answer == "did_drop":
                assert state == [("withdrawn",)], "said to be taken back, and they are not"
            if answer == "late":
                assert state != [("withdrawn",)], "said to be too late, and they were taken back"
            told[answer or "nothing heard"] += 1
        site.settle()
        audit = site.audit()
        print(f"\n{dict(told)}, {site.kills} kills: {audit}")
        assert not audit.wrong, audit.wrong
        assert told["did_drop"]
        assert told["late"] or told["nothing heard"]
        left = Counter(
            r.status for r in site.custody.rows() if r.direction == "outbound" and r.recipient == SATO
        )
        assert set(left) == {"delivered"}, left
