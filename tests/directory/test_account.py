"""Accounts as values: names, mailboxes and roles."""

from directory.account import Account, Role


def test_rules_know_the_addresses_that_a_person_may_send_as() -> None:
    """Introduced with `send_as`: it was kept and asked by nobody, so a shared mailbox could not be used."""
    account = Account("taro", addresses=("taro@us.example",), send_as=("info@us.example",))
    assert account.person.addresses == ("taro@us.example", "info@us.example")


def test_a_mailbox_is_an_address_without_its_tag() -> None:
    account = Account("taro", addresses=("taro+x@us.example",), send_as=("info@us.example",))
    assert account.mailboxes == ("taro@us.example", "info@us.example")


def test_a_disabled_account_has_no_role() -> None:
    account = Account("taro", roles=(Role.AUDITOR,))
    assert account.has(Role.ADMINISTRATOR, Role.AUDITOR)
    assert not account.has(Role.ADMINISTRATOR)
    assert not Account("taro", roles=(Role.AUDITOR,), disabled=True).has(Role.AUDITOR)


def test_the_name_in_a_language_falls_back_to_what_there_is() -> None:
    assert Account("taro", {"ja": "佐藤 太郎", "en": "Taro Sato"}).name_in("en") == "Taro Sato"
    assert Account("taro", {"ja": "佐藤 太郎"}).name_in("en") == "佐藤 太郎"
    assert Account("taro").name_in("ja") == "taro"
