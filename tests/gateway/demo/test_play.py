"""The demo: the first thing that anybody sees of the product."""

import os
import subprocess
import sys
from pathlib import Path


def test_it_plays_the_samples_and_stops_cleanly(tmp_path: Path) -> None:
    """On what an earlier one has left: that is removed first."""
    root = Path(__file__).parents[3]
    for name in ("state/sekisho.db", "state/spool/blobs/ab/x", "caught/0001.eml", "log"):
        left = tmp_path / "var/demo" / name
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_text("exc_type")
    done = subprocess.run(
        [sys.executable, "-m", "gateway.command.program", "demo", "--once", "--any-port"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False, timeout=150,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in (
        "delivered at once", "held until", "leaves as Bcc", "agreed with the domain", "generated, only the sender",
        "refused in the session: 550", "delivered, unchanged", "warning", "No such user", "One-time console login",
    ):  # fmt: skip
        assert words in " ".join(done.stdout.split()), words
    assert "Traceback" not in done.stderr
    log = (tmp_path / "var/demo/log").read_text()
    assert "exc_type" not in log
    assert "kumquat" not in log, "no passphrase in the log"
    assert not (tmp_path / "var/demo/state/spool/blobs/ab/x").exists()
