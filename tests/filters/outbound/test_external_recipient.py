"""OUT-DELAY."""

import pytest

from filters.sentences import sentence
from tests.filters.mails import examined, findings, plain


def test_outsiders_wait_and_colleagues_do_not() -> None:
    answer = examined(plain("x"), "a@us.example", "b@partner.example", "c@dept.us.example")
    assert {c.recipients: c.verdict.delay for c in answer.copies} == {(0, 2): 0, (1,): 300}


def test_group_companies_are_outside_unless_policy_says_otherwise() -> None:
    assert findings("external_recipient", plain("x"), "a@sister.example")
    assert not findings("external_recipient", plain("x"), "a@sister.example", group=False)


def test_a_domain_that_only_ends_like_ours_is_outside() -> None:
    assert findings("external_recipient", plain("x"), "a@notus.example")


@pytest.mark.parametrize(
    ("recipients", "ja", "en"),
    [
        (["a@partner.example"], "社外の宛先が1件あります", "1 external recipient"),
        (["a@sister.example"], "グループ会社の宛先が1件あります", "1 group-company recipient"),
        (
            ["a@partner.example", "b@sister.example"],
            "社外・グループ会社の宛先が2件あります",
            "2 external and group-company recipients",
        ),
    ],
)
def test_a_group_company_is_not_called_external(recipients: list[str], ja: str, en: str) -> None:
    (found,) = findings("external_recipient", plain("x"), *recipients)
    assert sentence(found, "ja") == ja
    assert sentence(found, "en") == en
