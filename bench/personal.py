"""How surely the outbound rules tell personal data from ordinary text: `python -m bench personal [--speed]`.

All texts are made up (tests/filters/ordinary.py). Recall: numbers, written in several ways, that are found; precision: findings that
are right among texts with right and wrong numbers. Alarms: ordinary sentences of which any rule says anything.
"""

import argparse
import os
import random
import time
from collections import Counter
from pathlib import Path

from filters.reading.reading import Text, scan
from filters.ruleset import prepare
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts, plain, policy
from tests.filters.ordinary import (
    EN,
    JA,
    LETTER_EN,
    LETTER_JA,
    SIGNATURE,
    cards,
    digits,
    my_numbers,
    sentences,
    table,
)

CORPUS = Path(os.environ.get("SEKISHO_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
FULL = str.maketrans("0123456789-", "０１２３４５６７８９－")


def found(text: str) -> list[str]:
    """What a scan says of one text, marks by class."""
    seen = scan(Text("1", text, "body"), ORGANISATION)
    return [
        *(f"mark {m.of.name}" for m in seen.marks if m.weight >= 2),
        *(n.kind for n in seen.numbers if n.sure),
        *(d.kind for d in seen.data if d.kind not in ("bank_account", "corporate_number")),
        *(s.kind for s in seen.secrets),
    ]


def my_number_cases(count: int, seed: int = 1) -> list[tuple[str, bool]]:
    """(text, whether a My Number stands in it): right ones with words nearby; wrong digits, other words, longer numbers."""
    chance = random.Random(seed)
    cases: list[tuple[str, bool]] = []
    for n, number in enumerate(my_numbers(chance, count)):
        spaced = f"{number[:4]} {number[4:8]} {number[8:]}"
        shape = (
            number,
            spaced,
            spaced.replace(" ", "-"),
            number.translate(FULL),
            spaced.replace(" ", "-").translate(FULL),
        )[n % 5]
        lead = (
            "マイナンバー:",
            "個人番号 ",
            "My Number: ",
            "社員の個人番号は",
            "マイナンバー\n氏名 佐藤\n番号 ",
        )[n // 5 % 5]
        cases.append((f"{lead}{shape}\n以上", True))
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
        cases.append((f"{lead}{wrong}", False))
        cases.append((f"注文番号 {shape}", False))
        cases.append(
            (f"{lead}{shape}{digits(chance, 4)}", False) if n % 5 in (0, 3) else (f"伝票 {shape}", False)
        )
    return cases


def card_cases(count: int, seed: int = 2) -> list[tuple[str, bool]]:
    """(text, whether a card's number stands in it)."""
    chance = random.Random(seed)
    cases: list[tuple[str, bool]] = []
    for n, number in enumerate(cards(chance, count)):
        cut = (4, 10, 15) if len(number) == 15 else (4, 10, 14) if len(number) == 14 else (4, 8, 12, 16)
        pieces = [number[a:b] for a, b in zip((0, *cut), cut, strict=False)]
        shape = (
            number,
            " ".join(pieces),
            "-".join(pieces),
            number.translate(FULL),
            "-".join(pieces).translate(FULL),
        )[n % 5]
        cases.append((f"{('card ', 'カード番号:', '決済 ', '')[n % 4]}{shape}\n", True))
        cases.append((f"card {number[:-1]}{(int(number[-1]) + 1) % 10}", False))
        cases.append((f"列,{','.join(pieces)},終", False))
        cases.append(("9" + "0" * 1 + number, False))
        cases.append(("\t".join(pieces), False))
    return cases


def rates(kind: str, cases: list[tuple[str, bool]]) -> tuple[float, float]:
    """(precision, recall) of one kind over cases."""
    counts = Counter((expected, kind in found(text)) for text, expected in cases)
    right = counts[True, True]
    return right / max(1, right + counts[False, True]), right / max(1, right + counts[True, False])


def alarms(lines: list[str]) -> list[tuple[str, list[str]]]:
    """The ordinary sentences of which something is said."""
    return [(line, seen) for line in lines if (seen := found(line))]


def milliseconds(raw: bytes, repeats: int = 60) -> tuple[float, float]:
    """(of all outbound rules, of the whole checkpoint): the median CPU time for one mail."""
    from filters.examine import look, run
    from filters.rule import Mail

    prepared, told = prepare(policy()), facts()
    looks, runs = [], []
    for _ in range(repeats):
        mail = Mail(Message(raw), told)
        _ = [part.text() for part in mail.message.parts if not part.children]
        begin = time.process_time()
        look(mail, prepared)
        middle = time.process_time()
        run(raw, told, prepared)
        looks.append(middle - begin)
        runs.append(time.process_time() - middle)
    return 1000 * sorted(looks)[repeats // 2], 1000 * sorted(runs)[repeats // 2]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench personal")
    parser.add_argument(
        "--show", action="store_true", help="print the ordinary sentences that were not silent"
    )
    options = parser.parse_args(arguments)
    print("| what | texts | result |\n|---|---|---|")
    for kind, cases in (("my_number", my_number_cases(1000)), ("card", card_cases(1000))):
        precision, recall = rates(kind, cases)
        print(f"| {kind} | {len(cases)} | precision {precision:.2%}, recall {recall:.2%} |")
    for name, templates in (("Japanese", JA), ("English", EN)):
        lines = sentences(templates, 4000)
        loud = alarms(lines)
        print(
            f"| ordinary sentences, {name} | {len(lines)} | {len(loud)} alarms ({1000 * len(loud) / len(lines):.2f} per 1,000) |"
        )
        if options.show:
            print(*loud[:20], sep="\n")
    for rows in (1, 5, 50, 500):
        counted = len(scan(Text("1", table(random.Random(3), rows), "content"), ORGANISATION).people)
        print(f"| table of {rows} people | 1 | {counted} records |")
    for folder in sorted(CORPUS.glob("ham*")):
        print(f"| {folder.name} beside the project | {_corpus(folder, show=options.show)} |")
    kinds: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("letter, Japanese", LETTER_JA),
        ("letter, English", LETTER_EN),
        ("traps, Japanese", JA),
        ("traps, English", EN),
    )
    for name, lines_of in kinds:
        body, size = [], len(SIGNATURE.encode())
        for line in sentences(lines_of, 1000, 5):
            size += len(line.encode()) + 2
            if size > 10_000:
                break
            body.append(line)
        looked, whole = milliseconds(plain("\n".join(body) + SIGNATURE))
        print(f"| 10 kB, {name} | 1 | all rules {looked:.2f} ms, whole checkpoint {whole:.2f} ms of CPU |")


def _corpus(folder: Path, *, show: bool) -> str:
    counts: Counter[str] = Counter()
    mails = 0
    prepared = prepare(policy())
    from filters.examine import look
    from filters.rule import Mail

    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        mails += 1
        names = {f.rule for f in look(Mail(Message(path.read_bytes()), facts()), prepared)}
        for name in names:
            counts[name] += 1
        if show and names & {
            "confidential_body",
            "credential",
            "password_pair",
            "personal_identifier",
            "person_records",
        }:
            print(path.name, sorted(names))
    return f"{mails} | {', '.join(f'{n} {c}' for n, c in counts.most_common())}"
