"""`python -m tests.judged`: counts per set and half; `--freeze` writes them and the digests into README.md.

`--write FOLDER [SET ...]` writes the development halves as .eml files, each beside its expectation in a listing.
"""

import sys
from pathlib import Path

from tests.judged import SETS, samples
from tests.judged.frozen import README, frozen, table


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--write"]:
        folder = Path(arguments[1])
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "expected.tsv").open("w") as listing:
            for which in arguments[2:] or SETS:
                for one in samples(which, "development"):
                    name = one.name.replace("/", "_") + ".eml"
                    (folder / name).write_bytes(one.content)
                    listing.write(f"{name}\t{one.expects}\t{one.doubt}\n")
        return
    lines = table()
    print("\n".join(lines))
    if arguments[:1] == ["--freeze"]:
        before, _, rest = README.read_text("utf-8").partition("<!-- frozen -->\n")
        after = rest.partition("<!-- /frozen -->")[2]
        block = "\n".join([*lines, "", "```text", *frozen(), "```"])
        README.write_text(f"{before}<!-- frozen -->\n{block}\n<!-- /frozen -->{after}", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
