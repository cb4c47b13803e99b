"""What the indicators look at."""

import base64

import pytest

from filters.facts import Authentication
from filters.lures.hosts import different
from filters.lures.phrases import FAMILIES
from tests.filters.inbound.arriving import TO, archive, arrived, mail


def test_it_is_read_once() -> None:
    one = arrived(mail())
    assert one.incoming is one.incoming


def test_author_subject_and_recipients() -> None:
    incoming = arrived(mail(sender="田中 一郎 <Tanaka@Koyo-Denki.example>", subject="件名")).incoming
    assert (incoming.name, incoming.domain, incoming.subject) == ("田中 一郎", "koyo-denki.example", "件名")
    assert incoming.recipients == {TO}


def test_a_mail_without_anything_has_empty_values() -> None:
    incoming = arrived(b"\r\n\r\n").incoming
    assert (incoming.name, incoming.domain, incoming.subject, incoming.links) == ("", "", "", [])
    assert incoming.brand is None


def test_texts_links_and_hosts_of_both_forms() -> None:
    raw = mail("text http://a.example/", html='<p>HTML</p><a href="http://b.example">www.c.example</a>')
    incoming = arrived(raw).incoming
    assert [t.part for t in incoming.texts] == ["1", "2"]
    assert incoming.hosts == ["a.example", "b.example"]
    assert "html" in incoming.folded


def test_html_labelled_as_plain_text_is_read_as_html() -> None:
    incoming = arrived(mail('<html><body><a href="http://b.example">bank.jp</a></body></html>')).incoming
    assert incoming.hosts == ["b.example"]


def test_files_have_all_their_names_and_members() -> None:
    files = arrived(mail(files={"a.zip": archive({"x/b.exe": b"MZ" + bytes(80)})})).incoming.files
    assert [(f.name, f.inside) for f in files] == [("a.zip", False), ("b.exe", True)] or files[
        1
    ].name.endswith("b.exe")


def test_quotes_say_where_the_words_stand() -> None:
    incoming = arrived(mail("はじめまして。至急ご確認ください。", subject="連絡")).incoming
    evidence = incoming.quote("至急ご確認")
    assert (evidence.part, evidence.offset) == ("1", 7)


def test_lists_say_so_and_long_reading_matter_is_known() -> None:
    assert arrived(mail(extra="List-Id: <a.example>\r\n")).incoming.is_bulk
    assert not arrived(mail()).incoming.is_bulk
    assert arrived(mail("words " * 2000)).incoming.is_full
    assert arrived(mail("words " * 2000, extra="List-Id: <a.example>\r\n")).incoming.is_long
    assert not arrived(mail()).incoming.is_long


def test_japanese_has_kana() -> None:
    assert arrived(mail("お世話になっております。よろしくお願いします。")).incoming.is_japanese
    assert not arrived(mail("您好，谢谢。", subject="x")).incoming.is_japanese


def test_different_needs_two_domains() -> None:
    assert different("a.example", "b.example")
    assert not different("", "b.example")
    assert not different("x.b.example", "b.example")


def test_a_correspondent_is_known_unless_the_checks_say_it_is_somebody_else() -> None:
    known = frozenset({"tanaka@koyo-denki.example"})

    def judged(**results: object) -> bool:
        found = Authentication(**results)  # type: ignore[arg-type]
        return arrived(mail(), known=known, authentication=found).incoming.known()

    assert judged()
    assert judged(spf="pass", dmarc="pass")
    assert judged(spf="softfail")
    assert not judged(dmarc="fail")
    assert not judged(spf="fail", dkim="pass", dkim_domains=("other.example",))
    assert judged(spf="fail", dkim="pass", dkim_domains=("koyo-denki.example",)), (
        "forwarded, and signed by the author"
    )


def test_prose_behind_a_lure_excuses_nothing() -> None:
    prose = "We met in the hall, the weather was fine, and all went home early.\n" * 160
    assert not arrived(mail(f"Can you buy some gift cards? Send me the codes.\n{prose}")).incoming.is_long
    links = "\n".join(f"https://a{number}.example/" for number in range(4))
    assert arrived(mail(f"{prose}{links}")).incoming.is_long
    assert arrived(mail(prose, extra="List-Id: <a.example>\r\n")).incoming.is_long


SHORT = sorted(
    first
    for first in frozenset().union(*(family.firsts for family in FAMILIES.values()))
    if first.isascii() and first.isalnum() and len(first) <= 6
)
"""Words of phrases that occur by chance where octets are written as letters."""


@pytest.mark.parametrize("word", SHORT)
def test_phrases_are_not_looked_for_in_octets(word: str) -> None:
    letters = "\n".join(f"Rk3{n:02}/{word}e8z/{word}+{word}".ljust(76, "q") for n in range(9))
    armor = f"-----BEGIN PGP MESSAGE-----\n\n{letters}\n-----END PGP MESSAGE-----\n"
    octets = (
        bytes(range(128, 160))
        + b"\0\1\2\3"
        + f"n ;(]q z{{y {word}e8z ^#5 {word} q".encode()
        + bytes(range(32)) * 9
    )
    for raw in (mail(files={"a.dat": letters.encode()}), mail(armor), mail(files={"a.dat": octets})):
        found = {name for name, family in FAMILIES.items() if family.found(arrived(raw).incoming.lures)}
        assert not found, found


def test_what_a_file_says_beside_octets_is_read() -> None:
    said = b"Your mailbox is full: verify your account.\n" + base64.encodebytes(bytes(range(256)) * 9)
    incoming = arrived(mail(files={"a.txt": said})).incoming
    assert FAMILIES["credentials"].strong_in(incoming.lures)


def test_addresses_with_long_paths_stay() -> None:
    """Whether a link is shown is asked of the same text."""
    link = "https://mail.strange.example/" + "a1b2" * 20
    assert (
        "mail.strange.example/a1b2"
        in arrived(mail(f"See {link} or mail.strange.example/{'c3' * 30}")).incoming.plain
    )
