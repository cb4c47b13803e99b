"""What relays mail to the sink and is measured."""

import msgspec

from bench.stand.group import Group

PASSWORD = "Kumquat-Ridge-48"
"""Of the person who sends outbound mail, wherever somebody logs in."""


class Peer(msgspec.Struct, frozen=True):
    """`ports`: by the name of the way in. `pid`: of its first process. `login`: outbound mail comes by TLS and AUTH."""

    name: str
    pid: int
    ports: dict[str, int]
    group: Group
    login: bool = False
