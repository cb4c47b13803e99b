"""Who may do what with one mail (the matrix over all pages is in test_app)."""

from console.rights import asked, needs_reason, rights
from tests.console.premises import PEOPLE, item

people = {a.login: a for a in PEOPLE}
held, _ = item("x", b"", approvals=("department_head", "president"))


def test_rights_end_with_the_account_and_at_the_tenant() -> None:
    assert rights(people["gone"], held, people["hanako"]) == frozenset()
    assert rights(people["other"], held, people["hanako"]) == frozenset()


def test_whose_word_is_asked() -> None:
    assert asked(people["taro"], held, people["hanako"]) == ("department_head",)
    assert asked(people["shacho"], held, people["hanako"]) == ("president",)
    assert asked(people["hanako"], held, people["hanako"]) == ()
    assert asked(people["taro"], held, None) == ()


def test_who_needs_a_reason_to_open() -> None:
    assert needs_reason(people["kanri"], held, people["hanako"])
    assert not needs_reason(people["hanako"], held, people["hanako"])
    assert not needs_reason(people["taro"], held, people["hanako"])


def test_an_inbound_mail_without_an_owner_belongs_to_nobody() -> None:
    inbound, _ = item("y", b"", owner="", direction="inbound")
    nameless = people["hanako"].__class__(login="")
    assert rights(nameless, inbound, None) == frozenset()


def test_recipients_wait_for_their_mail_and_nobody_releases_what_is_addressed_to_them() -> None:
    inbound, _ = item(
        "z", b"", "Kanri+list@example.co.jp", "hanako@example.co.jp", owner="", direction="inbound"
    )
    assert rights(people["hanako"], inbound, None) == {"wait"}
    assert rights(people["kanri"], inbound, None) == {"wait", "see", "open", "discard"}
    assert rights(people["taro"], inbound, None) == frozenset()
    shared = people["taro"].__class__("taro", send_as=("hanako@example.co.jp",))
    assert rights(shared, inbound, None) == {"wait"}
    outbound, _ = item("z", b"", "kanri@example.co.jp", owner="taro", reverse_path="taro@example.co.jp")
    assert "wait" not in rights(people["kanri"], outbound, people["taro"])
