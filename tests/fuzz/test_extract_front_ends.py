"""The readers of documents and archives on files broken at random: an answer with a known verdict, never an exception.

A few hundred in every run; `./dev test tests/fuzz --all` some thousands. It runs in a child process, because a reader
written in another language may end its process: in the product that is a worker, and the mail is held.
"""

import random
import subprocess
import sys

import pytest

PROGRAM = """
import random, sys
from filters.extract import Budget, Stop, extract, warm
from filters.extract.sample import samples
from tests.fuzz.test_extract_front_ends import broken
first, last, kinds = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
warm()
chosen = [(name, data) for name, data in sorted(samples().items()) if not kinds or name.rpartition(".")[2] in kinds]
for number in range(first, last):
    name, data = chosen[number % len(chosen)]
    print(number, name, file=sys.stderr, flush=True)
    try:
        extract(name, "", broken(data, number), Budget(pictures=1))
    except Stop:
        pass
"""


def broken(data: bytes, number: int) -> bytes:
    """The file with some bytes changed, cut, doubled or swapped; the same number gives the same file."""
    dice = random.Random(number)
    result = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(result) or 1)
        match dice.randrange(5):
            case 0:
                result[at : at + dice.randint(1, 4)] = dice.randbytes(dice.randint(1, 4))
            case 1:
                del result[at : at + dice.randint(1, 64)]
            case 2:
                result[at:at] = result[at : at + dice.randint(1, 200)]
            case 3:
                result[at : at + 4] = b"\xff\xff\xff\x7f"
            case _:
                del result[at:]
        if not result:
            return b""
    return bytes(result)


def run(first: int, last: int, *kinds: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(first), str(last), *kinds],
        capture_output=True, text=True, check=False, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def test_files_broken_at_random() -> None:
    run(0, 300)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_many_more(block: int) -> None:
    run(1000 + block * 1000, 2000 + block * 1000)
