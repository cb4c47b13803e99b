"""Under which names a mail is looked up in the allow and block lists."""

from filters.listing import subjects


def test_an_address_is_looked_up_by_itself_and_by_its_domains() -> None:
    assert subjects(["Taro@Mail.Client.Example"]) == [
        ("address", "taro@mail.client.example"),
        ("domain", "mail.client.example"),
        ("domain", "client.example"),
    ]


def test_hosts_and_files() -> None:
    found = subjects(hosts=["a.b.example.", "203.0.113.7"], files=["AB" * 32])
    assert ("host", "a.b.example") in found
    assert ("host", "b.example") in found
    assert ("host", "203.0.113.7") in found
    assert ("file", "ab" * 32) in found
    assert ("host", "example") not in found, "nobody lists a top-level domain by accident"


def test_nothing_and_outlandish_things_are_capped() -> None:
    assert subjects([""]) == [("address", "")]
    assert len(subjects(hosts=["a." * 500 + "example"])) <= 8
