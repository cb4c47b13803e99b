"""What was frozen of the sixth set: a file for each set in frozen/, with its counts and digests.

`python -m tests.judged.sixth.freeze [SET …]` writes them; `test_sixth.py` compares.
"""

import sys

from tests.judged.fifth.freeze import main
from tests.judged.sixth import DATA, SIXTH

FROZEN = DATA.parent / "frozen"

if __name__ == "__main__":
    main(sys.argv[1:], SIXTH[0], DATA)
