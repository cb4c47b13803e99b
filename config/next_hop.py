"""A next hop, as the settings name it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.section import Port, Section


class NextHopSection(Section):
    """Where mail is handed over. Levels as in Postfix: encrypt never falls back to plaintext.

    `client_certificate` and `client_key` are what we show a host that knows us by a certificate, such as a provider's connector.
    `deliveries` are how many mails of the queue go there at a time, `per_minute` how many in a minute (0: any number), from each
    node; arriving mail, whose client waits, is not counted. A host that answers 4yz gets fewer at a time until it takes them.
    """

    host: str
    port: Port = 25
    tls: Literal["none", "opportunistic", "encrypt", "verify"] = "opportunistic"
    implicit: bool = False
    lmtp: bool = False
    username: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None
    server_name: str = ""
    deliveries: Annotated[int, Field(ge=1, le=500)] = 10
    per_minute: Annotated[int, Field(ge=0)] = 0

    def password(self) -> str:
        return self.password_file.read_text().strip() if self.password_file else ""
