"""OUT-SECRET: keys and tokens, in the mail and in files."""

import pytest

from tests.filters.extract.documents import archive
from tests.filters.mails import attached, examined, findings, plain

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n"


def test_found_in_the_body() -> None:
    (finding,) = findings("credential", plain(f"これです\n{TOKEN}\n"))
    assert finding.values == {"what": "token", "where": "1"}
    assert finding.evidence[0].offset == 6
    assert TOKEN[4:20] not in str(finding)


@pytest.mark.parametrize(
    "file", [("id_rsa", KEY.encode()), ("a.zip", archive(("deploy/key.pem", KEY.encode())))]
)
def test_found_in_files(file: tuple[str, bytes]) -> None:
    (finding,) = findings("credential", attached(file))
    assert finding.values["what"] == "private_key"
    assert finding.values["where"].startswith("2/")


def test_such_a_mail_is_held() -> None:
    assert examined(plain("postgresql://app:s3cr3tpw@db.example/x")).verdict.holds == {"credential"}


def test_kinds_are_a_setting() -> None:
    assert findings("credential", plain(TOKEN), kinds=("private_key",)) == []


def test_public_keys_may_leave() -> None:
    assert findings("credential", plain("-----BEGIN PUBLIC KEY-----\nssh-ed25519 AAAAC3Nza")) == []
