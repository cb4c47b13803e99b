"""After `warm`, examining loads no further module: in the sandbox it could not."""

import subprocess
import sys

PROGRAM = """
import sys
from filters.warm import warm, _mail
warm()
loaded = set(sys.modules)
from config.policy import Class, Organisation, Policy
from filters.examine import run
from filters.facts import Facts, Origin
from filters.ruleset import prepare
from mail.envelope import Envelope, ForwardPath
facts = Facts("outbound", Origin("x", "127.0.0.1"), Envelope("a@b.example", (ForwardPath("c@d.example"),)), fresh_passphrase="7KQM-X2RD-94TB-WPHE-3CJY")
raw = _mail("a@b.example", "c@d.example")
for charset in (b"big5", b"gb18030", b"koi8-r", b"euc-jp", b"windows-1252", b"utf-7", b"hz", b"no-such-charset"):
    examined = run(raw.replace(b"charset=utf-8", b"charset=" + charset), facts, prepare(Policy(organisation=Organisation(domains=("b.example",), classes=(Class("s", 2, ("社外秘",)),)))))
    assert not [f for f in examined.findings if f.rule == "unexaminable"], examined.findings
print(*sorted(set(sys.modules) - loaded))
"""


def test_nothing_is_loaded_later() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
