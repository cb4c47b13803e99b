"""What the readers find of documents, beside another reader: `python -m bench reading [FOLDER] [--kind EXT] [--worst N] [--missing]`.

FOLDER holds documents, each with NAME.txt beside it: the text that LibreOffice or pdftotext finds (../shared/corpus/documents
or $SEKISHO_CORPUS). One line per kind, then the worst files. A word is a run of letters and digits, folded; one in a script
without blanks counts as found wherever it stands in our text. Each file is read in a process of its own, with limits.

Another reader's text is a reference, not a truth: it computes fields and formats numbers. What no file holds is counted apart
(bench/computed.py).
"""

import argparse
import multiprocessing
import os
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import msgspec

from bench.computed import REASONS, apart
from filters.extract import Budget, extract

DOCUMENTS = (
    Path(os.environ.get("SEKISHO_CORPUS", Path(__file__).parents[2] / "shared" / "corpus")) / "documents"
)
SECONDS = 60
_FORK = multiprocessing.get_context("fork")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


class Compared(msgspec.Struct, frozen=True):
    """A document beside the reference: how many of its different words were found, which were not, and which of these no file
    holds (bench/computed.py), with the reason."""

    file: str
    verdict: str
    words: int
    missing: tuple[str, ...]
    letters: int
    apart: dict[str, str] = {}

    @property
    def kind(self) -> str:
        return Path(self.file).suffix.lstrip(".").lower()

    @property
    def found(self) -> int:
        return self.words - len(self.missing)

    @property
    def silent(self) -> bool:
        """Read as "ok" without a word, where the other reader finds some."""
        return self.verdict == "ok" and not self.found and self.words > 0


def words_of(text: str) -> list[str]:
    """The different words of a text, folded."""
    return list(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFKC", text).casefold())))


def missing(reference: str, ours: str) -> list[str]:
    """The words of the reference that our text does not hold."""
    known = set(words_of(ours))
    joined = "".join(unicodedata.normalize("NFKC", ours).casefold().split())
    return [
        word
        for word in words_of(reference)
        if word not in known and not (_UNSPACED.search(word) and word in joined)
    ]


def compare(path: Path, reference: str, ours: str, verdict: str) -> Compared:
    lacking = missing(reference, ours)
    return Compared(
        path.name, verdict, len(words_of(reference)), tuple(lacking), len(ours.strip()),
        apart(path, verdict, lacking, ours),
    )  # fmt: skip


def _read(path: Path) -> tuple[str, str]:
    """(verdict, text) of a document, from a process of its own: ("died", "") when that does not come back."""
    ours, theirs = _FORK.Pipe(duplex=False)
    reader = _FORK.Process(target=_tell, args=(path, theirs))
    reader.start()
    theirs.close()
    try:
        if not ours.poll(SECONDS):
            return "too slow", ""
        verdict, text = ours.recv()
        return str(verdict), str(text)
    except EOFError:
        return "died", ""
    finally:
        reader.kill()
        reader.join()
        ours.close()


def _tell(path: Path, answer: Any) -> None:
    answer.send(text_of(path))


def text_of(path: Path) -> tuple[str, str]:
    """(verdict, text) of a document, read here."""
    found = extract(path.name, "", path.read_bytes(), Budget())
    return found.verdict, "\n".join(text for _, text in found.texts)


def table(compared: list[Compared]) -> list[str]:
    """One line per kind: files, words, share found, files below 97 %, files read as "ok" without a word; the words that no
    file holds, by reason, and the share found of the others."""
    by_kind: dict[str, list[Compared]] = defaultdict(list)
    for each in compared:
        by_kind[each.kind].append(each)
    lines = [
        f"{'kind':<6}{'files':>6}{'words':>9}{'found':>9}{'< 97 %':>8}{'silent':>8}"
        + "".join(f"{reason:>11}" for reason in REASONS)
        + f"{'of the rest':>13}"
    ]
    for kind, files in sorted(by_kind.items(), key=lambda k: -len(k[1])):
        words = sum(f.words for f in files)
        low = sum(f.found < 0.97 * f.words for f in files)
        share = sum(f.found for f in files) / words if words else 1.0
        reasons = Counter(reason for f in files for reason in f.apart.values())
        held = words - reasons.total()
        rest = sum(f.found for f in files) / held if held else 1.0
        lines.append(
            f"{kind:<6}{len(files):>6}{words:>9}{share:>9.2%}{low:>8}{sum(f.silent for f in files):>8}"
            + "".join(f"{reasons[reason]:>11}" for reason in REASONS)
            + f"{rest:>13.2%}"
        )
    return lines


def worst(compared: list[Compared], count: int) -> list[Compared]:
    """The files of which most words are missing, beginning with those read as "ok" without a word."""
    return sorted((c for c in compared if c.missing), key=lambda c: (not c.silent, -len(c.missing)))[:count]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench reading", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DOCUMENTS)
    parser.add_argument("--kind", help="only files of this extension")
    parser.add_argument("--worst", type=int, default=20, help="how many of the worst files are listed")
    parser.add_argument("--missing", action="store_true", help="list the words that are missing in these")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        raise SystemExit("no documents beside the project")
    compared = []
    for reference in sorted(options.folder.glob("*.*.txt")):
        path = reference.with_suffix("")
        if path.is_file() and options.kind in (None, path.suffix.lstrip(".").lower()):
            verdict, ours = _read(path)
            compared.append(compare(path, reference.read_text("utf-8", "replace"), ours, verdict))
    print("\n".join(table(compared)))
    for each in worst(compared, options.worst):
        print(f"{each.file:<36}{each.verdict:<22}{each.found:>7} of {each.words}")
        if options.missing:
            print("    " + " ".join([word for word in each.missing if word not in each.apart][:60]))
