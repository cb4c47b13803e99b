"""The figures that are kept and shown."""

import msgspec
import pytest

from bench.stand import results
from bench.stand.measure import Figures

ROUND = Figures(1000, 100.0, 2.0, 0.5, 3.0, 9.0, 80.0, 0.1)


def figures(rate: float) -> Figures:
    return msgspec.structs.replace(ROUND, rate=rate)


def way(alone: float = 10_000.0) -> results.Way:
    rounds = {
        "10 kB text": {
            "Postfix": [figures(100), figures(200), figures(400)],
            "Postfix + rspamd": [figures(50), figures(50), figures(50)],
            "Sekisho": [figures(140), figures(260), figures(600)],
        }
    }
    replies = {("10 kB text", "Sekisho"): [0.001] * 1900 + [0.05] * 100, ("10 kB text", "Postfix"): [0.002]}
    replies["10 kB text", "Postfix + rspamd"] = []
    half = {"Postfix": ROUND, "Sekisho": msgspec.structs.replace(ROUND, mails=2000)}
    return results.made("here", rounds, replies, {"10 kB text": alone}, half, False)


def test_ratios_are_those_of_the_same_round() -> None:
    peers = way().cells["10 kB text"].peers
    assert peers["Sekisho"].ratio == 1.4
    assert peers["Sekisho"].rate == 260
    assert peers["Postfix"].ratio == 1


def test_a_percentile_needs_enough_mails() -> None:
    peers = way().cells["10 kB text"].peers
    assert peers["Sekisho"].p99 == 50
    assert peers["Postfix"].p99 is None


@pytest.mark.parametrize(("alone", "reported"), [(10_000.0, True), (779.0, False)])
def test_a_slow_generator_reports_nothing(alone: float, reported: bool) -> None:
    shown = results.shown({"inbound": way(alone)})
    assert ("**1.40**/1.3" in shown) is reported
    assert ("not reported: the generator alone does 779/s" in shown) is not reported


def test_a_generator_that_needs_much_itself_reports_nothing() -> None:
    cell = way().cells["10 kB text"]
    ours = msgspec.structs.replace(cell.peers["Sekisho"], generator=2.0)
    slow = msgspec.structs.replace(cell, peers={**cell.peers, "Sekisho": ours})
    assert "500/s" in results.slow(slow)
    assert not results.slow(cell)


def test_the_document_shows_the_file() -> None:
    text = results.SHOWN_IN.read_text()
    assert results.BEGIN + "\n" + results.shown(results.load()) + results.END in text
    assert all(len(line) <= 100 for line in results.shown(results.load()).splitlines())
