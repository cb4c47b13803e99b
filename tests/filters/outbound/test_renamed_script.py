"""OUT-EXEC: programs as text under other names are on record, and nothing that people ordinarily send is stopped."""

import pytest

from tests.filters.extract.documents import archive
from tests.filters.mails import attached, examined, findings

PROGRAMS = {
    "shell": b"#!/bin/bash\nset -e\nls | sh\n",
    "powershell": b"$c = New-Object System.Net.WebClient\nInvoke-Expression $c.DownloadString('x')\nWrite-Host done\n",
    "vbscript": b'Dim s\nSet s = CreateObject("WScript.Shell")\ns.Run "calc.exe"\nOn Error Resume Next\n',
    "jscript": b'var s = new ActiveXObject("WScript.Shell");\ns.Run("calc.exe");\n',
    "batch": b"@echo off\r\nset A=1\r\ncopy a.txt b.txt\r\n",
    "python": b"#!/usr/bin/env python3\nimport os\nos.system('ls')\n",
}


@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("name", ["memo.txt", "a.log", "README", "a.sh.txt", "data.dat"])
def test_a_program_under_another_name_is_on_record(kind: str, name: str) -> None:
    raw = attached((name, PROGRAMS[kind]))
    assert findings("renamed_script", raw)
    verdict = examined(raw, "tanaka@partner.example").verdict
    assert not verdict.holds | verdict.rejects


def test_in_an_archive_too() -> None:
    assert findings("renamed_script", attached(("a.zip", archive(("b.txt", PROGRAMS["batch"])))))


@pytest.mark.parametrize("name", ["build.sh", "a.py", "tool.pl", "site.ts", "README.md", "Dockerfile.yml"])
def test_code_that_says_so_is_nothing(name: str) -> None:
    raw = attached((name, PROGRAMS["shell"]))
    assert not findings("renamed_script", raw)
    verdict = examined(raw, "tanaka@partner.example").verdict
    assert not verdict.holds | verdict.rejects


@pytest.mark.parametrize(
    "text",
    [
        "コマンドは Invoke-Expression です。",
        "Please run the tool with `start a.bat`, then call me.",
        "let us function as a team; var is a variable, and Set theory is fun",
        "He said: s.Run() is wrong.",
        "item,price\n1,200\n",
    ],
)
def test_letters_and_data_are_nothing(text: str) -> None:
    assert not findings("renamed_script", attached(("memo.txt", text.encode())))
