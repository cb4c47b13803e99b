"""Host names and what they pretend to be."""

import re
from pathlib import Path

import pytest

from config import lists
from filters.lures.hosts import (
    BRANDS,
    Brand,
    below,
    brand_count,
    brand_misspelt,
    brand_named,
    is_cheap,
    is_customers,
    is_freemail,
    is_random,
    is_worst,
    label,
    near,
    organisational,
    owner,
    readable,
    same_organisation,
    skeleton,
)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("www.example.co.jp", "example.co.jp"),
        ("example.co.jp", "example.co.jp"),
        ("a.b.example.com.", "example.com"),
        ("www.city.kobe.jp", "city.kobe.jp"),
        ("x.web.app", "x.web.app"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_the_organisational_domain(domain: str, expected: str) -> None:
    assert organisational(domain) == expected


def test_labels_and_organisations() -> None:
    assert label("www.example.co.jp") == "example"
    assert same_organisation("a.example.jp", "b.example.jp")
    assert not same_organisation("a.co.jp", "b.co.jp")
    assert not same_organisation("", "")
    assert below("a.b.example", ("b.example",))
    assert not below("ab.example", ("b.example",))


@pytest.mark.parametrize(
    ("one", "other"),
    [("аmazоn", "amazon"), ("ＡＭＡＺＯＮ", "amazon"), ("paypa1", "paypal"), ("rnicrosoft", "microsoft"), ("g00gle", "google"),
     ("ámàzön", "amazon"), ("A\u0300mazon", "amazon"), ("Ｍａｓｔｅｒ", "master"), ("αmazon", "amazon")],
)  # fmt: skip
def test_what_looks_the_same_has_the_same_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_japanese_keeps_its_voicing_marks() -> None:
    assert skeleton("ダイナース") != skeleton("タイナース")
    assert skeleton("ﾀﾞｲﾅｰｽ") == skeleton("ダイナース")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("abcd", "abcd", True),
        ("abcd", "abd", True),
        ("abcd", "acbd", True),
        ("abcd", "abce", True),
        ("abcd", "abcde", True),
        ("abcd", "badc", False),
        ("abcd", "ab", False),
    ],
)
def test_one_letter_off(one: str, other: str, expected: bool) -> None:
    assert near(one, other) is expected
    assert near(other, one) is expected


def test_brands_own_their_domains() -> None:
    for brand in BRANDS:
        for domain in brand.domains:
            assert owner("www." + domain) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Amazon.co.jp", "Amazon"), ("【三井住友カード】重要", "三井住友カード"), ("My JCB", "JCB"), ("PayPaI", "PayPal"), ("LINE", "LINE"), ("John Line", None),
     ("James Rogers", None), ("Amazonia tours", None), ("a@amazon.co.jp", None), ("", None)],
)  # fmt: skip
def test_brands_in_names(text: str, expected: str | None) -> None:
    found = brand_named(text)
    assert (found[0].name if found else None) == expected


def test_brands_are_counted() -> None:
    counts = brand_count("amazon and Amazon, then 楽天")
    assert [(brand.name, number) for brand, number in counts] == [("Amazon", 2), ("楽天", 1)]


def test_providers_are_not_their_customers() -> None:
    assert is_freemail("mail.goo.ne.jp")
    assert is_customers("arrow.ocn.ne.jp")
    assert not is_freemail("ocn.ne.jp")
    assert not is_customers("koyo-denki.example")


@pytest.mark.parametrize("word", ["jafbyyamw", "kyctjnx", "bblihxjc", "zlxwgyuqyrir", "k3hd513reagvbx6gomyi"])
def test_random_letters(word: str) -> None:
    assert is_random(word)


@pytest.mark.parametrize(
    "word",
    [
        "kuronekoyamato",
        "mitsubishi",
        "sbisec",
        "msnbc",
        "nttpc",
        "shipwright",
        "kyushu",
        "hitachi-hightech",
        "jrkyushu",
        "bk",
        "strengths",
        "tokyostarbank",
        "jreast",
        "vmware",
        "bmwgroup",
        "jpmorgan",
    ],
)
def test_words_and_abbreviations_are_not_random(word: str) -> None:
    assert not is_random(word)


def test_punycode_is_shown_as_people_see_it() -> None:
    assert readable("xn--mazon-3ve.com") == "аmazon.com"
    assert readable("xn--.xn--zzzz\ufffd") == "xn--.xn--zzzz\ufffd"


@pytest.mark.parametrize(
    ("domain", "is_free"),
    [("yahoo.co.jp", True), ("mail.yahoo.co.jp", False), ("mail.docomo.ne.jp", False), ("docomo.ne.jp", True),
     ("i.softbank.jp", True), ("mail.goo.ne.jp", True), ("vip.qq.com", True), ("mail.evil.gmx.de", True)],
)  # fmt: skip
def test_a_providers_own_hosts_are_no_free_mail(domain: str, is_free: bool) -> None:
    assert is_freemail(domain) is is_free


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("mail.rakuten.net", "楽天"),
        ("netflix.de", "Netflix"),
        ("rakuten.top", None),
        ("rakuten-login.com", None),
        ("rakuten.evil.com", None),
        ("rakυten.com", None),
    ],
)
def test_a_name_under_an_established_domain_is_its_owners(host: str, name: str | None) -> None:
    found = owner(host)
    assert (found.name if found else None) == name
    assert found is None or found.owns(host)


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("Conta Microsft", "マイクロソフト"),
        ("Facebok Support", "Meta"),
        ("Instagran Team", "Meta"),
        ("Microsoft", None),
        ("Micro Software", None),
    ],
)
def test_misspelt_brands(name: str, brand: str | None) -> None:
    found = brand_misspelt(name)
    assert (found.name if found else None) == brand


def test_top_level_domains_that_hardly_any_organisation_uses() -> None:
    assert is_worst("a.top")
    assert is_cheap("a.top")
    assert is_cheap("a.online")
    assert not is_worst("a.online")


def _groups(name: str) -> list[tuple[str, list[str]]]:
    """(comment at its head, domains) of each group of a list."""
    text = (Path(__file__).parents[3] / "config" / "lists" / name).read_text()
    found: list[tuple[str, list[str]]] = []
    comment = False
    for line in text.splitlines():
        if line.startswith("#"):
            if comment:
                found[-1] = (found[-1][0] + line, [])
            else:
                found.append((line, []))
        elif line and not line.startswith("["):
            found[-1][1].extend(
                re.findall(r'"([^"]+)"', line.rpartition(", [")[2]) if '"' in line else [line]
            )
        comment = line.startswith("#")
    return [(said, domains) for said, domains in found if domains]


@pytest.mark.parametrize("name", ["brands.toml", "mailers.txt"])
def test_what_is_listed_as_somebodys_is_a_name_stands_once_and_says_where_it_is_from(name: str) -> None:
    groups = _groups(name)
    assert len(groups) >= 2
    for comment, domains in groups:
        assert "Source:" in comment, comment
        for domain in domains:
            assert re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z][a-z0-9-]*[a-z0-9]", domain), (
                domain
            )
            assert domain.encode("idna").decode() == domain, "A-labels only"
    if name == "mailers.txt":
        rows = [domain for _, domains in groups for domain in domains]
        assert len(rows) == len(set(rows))


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.name)
def test_a_brand_names_each_domain_once_and_none_below_another(brand: Brand) -> None:
    table = lists.table("brands")["japan" if brand.japanese else "world"]
    domains = table[brand.name][1]
    assert len(domains) == len(set(domains))
    assert not [d for d in domains for other in domains if d.endswith(f".{other}")]
