"""A node whose master key is in a token that goes away: 451 to what needs it, and nobody starts anything when it is back."""

from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.mails import mail
from tests.services.softhsm import Token

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


def test_mail_waits_with_its_clients_while_the_token_is_away(tmp_path: Path) -> None:
    token = Token(tmp_path / "token", "master")
    environment = {"SOFTHSM2_CONF": str(token.conf)}
    with Site(tmp_path, delay=3600, environment=environment, settings=token.settings("master")) as site:
        site.start()
        token.away()
        first = site.play([mail("external", 100_000), mail("quarantined", 100_000)])
        assert [sent.code for sent in first] == [451, 451], [sent.text for sent in first]
        token.back()
        site.resend()
        assert [sent.code for sent in first] == [250, 250]
        token.away()  # the day's key is open: what comes today needs nobody
        second = site.play([mail("external", 100_000), mail("quarantined", 100_000)])
        assert [sent.code for sent in second] == [250, 250]
        assert site.quiet()
        log = site.log.read_text()
        assert "Traceback" not in log
        assert token.pin_file.read_text().strip() not in log
        site.stop()
