"""OUT-CLASS: which departments may have a registered document (end to end: tests/gateway/command/test_assets.py)."""

import msgspec

from config.policy import Policy
from filters.detect.register import document, document_index
from filters.facts import Person
from mail.charset import fold
from tests.filters.mails import ORGANISATION, examined, plain
from tests.filters.outbound.test_registered_data import KEY, PLAN, REGISTERED

USERS = document("計画.docx", fold(PLAN).lower(), KEY, of="極秘", users=("企画部",))
REGISTER = msgspec.structs.replace(REGISTERED, indexes=(document_index([USERS], KEY),))
POLICY = Policy(organisation=msgspec.structs.replace(ORGANISATION, registered=REGISTER))


def seen(department: str, body: str = PLAN) -> list[tuple[int, ...] | None]:
    colleague = Person("h", addresses=("h@us.example",), department=department)
    answer = examined(plain(body), "h@us.example", rules=POLICY, colleagues={"h@us.example": colleague})
    return [f.recipients for f in answer.findings if f.rule == "asset_users"]


def test_a_colleague_of_another_department() -> None:
    assert seen("営業部") == [(0,)]
    assert seen("") == [(0,)]


def test_a_colleague_of_the_department_and_another_text() -> None:
    assert seen("企画部") == []
    assert seen("営業部", "会議の件です。") == []


def test_nobody_said_who_may_have_it() -> None:
    free = msgspec.structs.replace(USERS, users=())
    registered = msgspec.structs.replace(REGISTERED, indexes=(document_index([free], KEY),))
    policy = Policy(organisation=msgspec.structs.replace(ORGANISATION, registered=registered))
    answer = examined(plain(PLAN), "h@us.example", rules=policy)
    assert "asset_users" not in {f.rule for f in answer.findings}
