"""IN-SPOOF: who speaks from outside as if from within."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight

LINK = "\nhttps://stranger.example/update"


@pytest.mark.parametrize(
    "name",
    [
        "IT Help Desk",
        "Human Resources",
        "HR Department",
        "Payroll",
        "Mail Administrator",
        "情報システム部",
        "人事部",
        "総務課",
        "IT-Abteilung",
        "人力资源部",
    ],
)
def test_an_office_of_the_house_and_nothing_else(name: str) -> None:
    (finding,) = look("house_voice", mail("Please see." + LINK, sender=f"{name} <a@stranger.example>"))
    assert finding.weight == 1


@pytest.mark.parametrize(
    "text",
    [
        "社員各位\n研修の件です。",
        "All employees must acknowledge the policy.",
        "各部门员工：请查收。",
        "Dear employee, please read.",
        "an alle Mitarbeiter",
    ],
)
def test_a_word_to_all_staff(text: str) -> None:
    assert weight("house_voice", mail(text + LINK, sender="Clara <a@stranger.example>")) == 2
    assert weight("house_voice", mail(text + LINK, sender="人事部 <a@stranger.example>")) == 3


def test_the_readers_own_account() -> None:
    text = "Sign in with your us.example user name and password." + LINK
    assert weight("house_voice", mail(text, sender="KB Training <a@stranger.example>")) == 3
    assert not look("house_voice", mail("Our meeting at us.example is on Monday." + LINK))


@pytest.mark.parametrize(
    "name",
    [
        "Stranger Support",
        "株式会社アオバ 人事部",
        "Customer Service",
        "営業部",
        "田中",
        "Anna from HR Partners",
        "support",
    ],
)
def test_people_companies_and_services_for_customers_are_none(name: str) -> None:
    assert not look("house_voice", mail("Please see." + LINK, sender=f"{name} <a@stranger.example>"))


def test_not_from_those_we_know_and_not_without_anything_to_do() -> None:
    raw = mail("Please see." + LINK, sender="人事部 <a@stranger.example>")
    assert not look("house_voice", raw, familiar=frozenset({"a@stranger.example"}))
    assert not look("house_voice", mail("ご連絡ください。", sender="人事部 <a@stranger.example>"))
