"""A policy as its files write it."""

from pathlib import Path

from config.load import read_policy
from config.problems import Source
from config.written import written


def test_the_sites_file_and_its_presets(tmp_path: Path) -> None:
    text = '[organisation]\ndomains = ["hinode.example"]\n'
    (tmp_path / "policy.toml").write_text(text)
    policy, problems, sources = read_policy(tmp_path / "policy.toml", ["observe"])
    assert problems == []
    found = written(policy, sources)
    assert (found.text, list(found.presets), found.policy) == (text, ["preset observe"], policy.version)
    again, problems, sources = read_policy(
        tmp_path / "gone.toml", ["observe"], own=Source("policy version 1", text)
    )
    assert (problems, written(again, sources)) == ([], found), "from another place it is the same policy"
