"""People: OPS-ACCOUNT, who owns which address."""

from pathlib import Path

import argon2
import msgspec
import pytest

from config.policy import ConfigError
from config.tenant import EVERY
from directory.account import Account, Role, canonical
from directory.passwords import Hasher
from directory.people import AGE, PasswordRefused, People
from storage.interfaces import Database

GOOD = "kN7%vRq2wL"
HANAKO = Account(
    "hanako",
    {"ja": "山田 花子", "en": "Hanako Yamada"},
    ("hanako@example.co.jp",),
    ("sales@example.co.jp",),
    "営業部",
)
TARO = Account(
    "taro",
    {"ja": "佐藤 太郎", "en": "Taro Sato"},
    ("taro@example.co.jp",),
    department="営業部",
    head_of=("営業部",),
)


@pytest.fixture
async def people(database: Database) -> People:
    found = People(database, Hasher(threads=1))
    for account in (HANAKO, TARO):
        await found.save(account, 1.0)
    return found


async def test_a_password_opens_by_login_and_by_address(people: People) -> None:
    await people.set_password("default", "hanako", GOOD)
    assert (await people.authenticate("hanako", GOOD, EVERY)).account.login == "hanako"
    assert (await people.authenticate(" HANAKO ", GOOD, EVERY)).account.login == "hanako"
    assert (await people.authenticate("Hanako@example.co.jp", GOOD, EVERY)).account.login == "hanako"
    assert await people.authenticate("hanako", GOOD + "x", EVERY) is None
    assert await people.authenticate("nobody", GOOD, EVERY) is None
    assert await people.authenticate("taro", "", EVERY) is None


async def test_an_unknown_login_costs_the_same_work_as_a_wrong_password(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.set_password("default", "hanako", GOOD)
    done = []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *a: done.append(1) or verify(*a))
    for login in ("hanako", "nobody", "taro", "nobody@example.co.jp"):
        done.clear()
        assert await people.authenticate(login, "wrong", EVERY) is None
        assert len(done) == 1


async def test_who_is_disabled_on_another_node_is_out_within_seconds(
    people: People, database: Database
) -> None:
    now = [100.0]
    here = People(database, Hasher(threads=1), clock=lambda: now[0])
    assert await here.person("default", "hanako") is not None
    await people.save(Account("hanako", addresses=HANAKO.addresses, disabled=True), 2.0)
    now[0] += AGE
    assert await here.person("default", "hanako") is None


async def test_a_disabled_person_is_out_at_once(people: People) -> None:
    await people.set_password("default", "hanako", GOOD)
    assert await people.person("default", "hanako") is not None
    await people.save(Account("hanako", addresses=HANAKO.addresses, disabled=True), 2.0)
    assert await people.authenticate("hanako", GOOD, EVERY) is None
    assert await people.person("default", "hanako") is None


async def test_a_weak_password_is_refused_with_its_reasons(people: People) -> None:
    with pytest.raises(PasswordRefused) as refused:
        await people.set_password("default", "hanako", "hanako12")
    assert {"password_kinds", "password_name"} <= set(refused.value.reasons)
    assert not await people.has_password("default", "hanako")


async def test_addresses_belong_to_one_person(people: People) -> None:
    owner = await people.owner_of("default", "HANAKO+news@example.co.jp")
    assert owner is not None
    assert owner.login == "hanako"
    assert await people.owner_of("default", "sales@example.co.jp") is None
    with pytest.raises(ConfigError, match="belongs to taro"):
        await people.save(Account("third", addresses=("taro@example.co.jp",)), 2.0)
    assert await people.account("default", "third") is None


async def test_an_exact_address_goes_before_a_sub_address(people: People) -> None:
    await people.save(Account("robot", addresses=("hanako+robot@example.co.jp",)), 2.0)
    owner = await people.owner_of("default", "hanako+robot@example.co.jp")
    assert owner is not None
    assert owner.login == "robot"


async def test_names_for_the_rules(people: People) -> None:
    await people.save(Account("shiro", {"en": "Shiro Kato"}, tenant="acme"), 2.0)
    assert await people.all_names() == {
        "default": ("Hanako Yamada", "Taro Sato", "佐藤 太郎", "山田 花子"),
        "acme": ("Shiro Kato",),
    }
    person = await people.person("default", "hanako")
    assert person is not None
    assert (person.name, person.department, person.language) == ("山田 花子", "営業部", "ja")


async def test_a_language_without_files_is_the_organisations(people: People) -> None:
    for login, language in (("one", ""), ("two", "xx"), ("three", "en")):
        await people.save(Account(login, addresses=(f"{login}@example.co.jp",), language=language), 2.0)
    found = {a.login: a.language for a in await people.all("default")}
    assert (found["one"], found["two"], found["three"]) == ("ja", "ja", "en")
    assert await people.languages("default", ["two@example.co.jp"]) == {"two@example.co.jp": "ja"}


FILE = """
[[person]]
login = "jiro"
name = { ja = "高橋 次郎" }
addresses = ["jiro@example.co.jp", "old@example.co.jp"]
roles = ["user", "administrator"]

[[person]]
login = "saburo"
"""


async def test_a_people_file_is_made_true(people: People, tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text(FILE)
    assert await people.read_file(path, 2.0) == 2
    jiro = await people.account("default", "jiro")
    assert jiro is not None
    assert jiro.has(Role.ADMINISTRATOR)
    await people.set_password("default", "jiro", GOOD)
    path.write_text(
        '[[person]]\nlogin = "shiro"\naddresses = ["old@example.co.jp"]\n'
        '[[person]]\nlogin = "jiro"\naddresses = ["jiro@example.co.jp"]\n'
    )
    await people.read_file(path, 3.0)
    assert (await people.authenticate("jiro", GOOD, EVERY)).account.login == "jiro", "the password stays"
    owner = await people.owner_of("default", "old@example.co.jp")
    assert owner is not None
    assert owner.login == "shiro", "an address can move"
    gone = await people.account("default", "saburo")
    assert gone is not None
    assert gone.disabled, "who left the file is out"
    untouched = await people.account("default", "hanako")
    assert untouched is not None
    assert not untouched.disabled, "who was never in the file is not"


async def test_a_hash_in_the_file_counts_until_the_person_sets_another(
    people: People, tmp_path: Path
) -> None:
    hasher = Hasher(threads=1)
    path = tmp_path / "people.toml"
    path.write_text(f'[[person]]\nlogin = "jiro"\npassword_hash = "{await hasher.hash("first%7Kq")}"\n')
    await people.read_file(path, 2.0)
    assert (await people.authenticate("jiro", "first%7Kq", EVERY)).account.login == "jiro"
    await people.set_password("default", "jiro", GOOD)
    await people.read_file(path, 3.0)
    assert await people.authenticate("jiro", "first%7Kq", EVERY) is None
    assert (await people.authenticate("jiro", GOOD, EVERY)).account.login == "jiro"
    hasher.close()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[person]]\nlogin = ", "people.toml"),
        (
            '[[person]]\nlogin = "x"\nrole = ["user"]',
            r'people\.toml:3:1: person x: role: no such key; did you mean "roles"',
        ),
        ('[[person]]\nlogin = "x"\nroles = ["boss"]', r"people\.toml:3:10: person x: roles: no role 'boss'"),
        ('[[person]]\nlogin = "x"\n[[person]]\nlogin = "X"', "twice"),
        ('[[person]]\nname = { ja = "x" }', "person 1: login: a person without"),
        ('[[person]]\nlogin = "x"\naddresses = ["nowhere"]', "not an address"),
        ('[[person]]\nlogin = "x"\nname_ja = "x"', r'name_ja: is now written name = \{ ja = "…" \}'),
        ('[[person]]\nlogin = "x"\nlanguage = "xx"', r"no language 'xx' \(known: en, ja\)"),
    ],
)
async def test_a_wrong_file_changes_nothing_and_says_why(
    people: People, tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "people.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=problem):
        await people.read_file(path, 2.0)
    assert [a.login for a in await people.all("default")] == ["hanako", "taro"]


def test_logins_are_compared_in_one_form() -> None:
    assert canonical(" Ｈanako ") == "hanako"


async def test_the_example_of_the_guide_is_a_people_file(people: People, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    (tmp_path / "people.toml").write_text(guide.partition("```toml\n")[2].partition("```")[0], "utf-8")
    assert await people.read_file(tmp_path / "people.toml", 1.0) == 2


OTHER = Account("hanako", {"ja": "他社 花子"}, ("hanako@example.co.jp",), tenant="acme")


async def test_two_tenants_may_have_the_same_login_and_address(people: People) -> None:
    """Introduced with tenants: login and address were unique in the whole installation."""
    await people.save(OTHER, 2.0)
    here, there = await people.account("default", "hanako"), await people.account("acme", "hanako")
    assert (here.tenant, there.tenant) == ("default", "acme")
    assert here.name != there.name
    for tenant in ("default", "acme"):
        owner = await people.owner_of(tenant, "Hanako+x@example.co.jp")
        assert owner.tenant == tenant
        assert [a.tenant for a in await people.readers(tenant, ["hanako@example.co.jp"])] == [tenant]
    await people.save(msgspec.structs.replace(OTHER, disabled=True), 3.0)
    assert await people.person("default", "hanako") is not None
    assert await people.person("acme", "hanako") is None


async def test_a_password_opens_the_account_of_its_tenant_only(people: People) -> None:
    await people.save(OTHER, 2.0)
    await people.set_password("default", "hanako", GOOD)
    await people.set_password("acme", "hanako", "Zq7%mvTr4k")
    for name in ("hanako", "hanako@example.co.jp"):
        assert (await people.authenticate(name, GOOD, "default")).account.tenant == "default"
        assert await people.authenticate(name, GOOD, "acme") is None
        assert (await people.authenticate(name, GOOD, EVERY)).account.tenant == "default"
        assert await people.authenticate(name, "Zq7%mvTr4k", EVERY) is None, (
            "the default tenant's goes before"
        )
    assert (await people.authenticate("acme/hanako", "Zq7%mvTr4k", EVERY)).account.tenant == "acme"


async def test_a_name_that_several_tenants_have_means_nobody_until_the_tenant_is_said(people: People) -> None:
    for tenant in ("acme", "beta"):
        await people.save(Account("jiro", tenant=tenant), 2.0)
    await people.save(Account("goro", tenant="beta"), 2.0)
    assert await people.named("jiro", EVERY) is None
    assert (await people.named("beta/jiro", EVERY)).tenant == "beta"
    assert (await people.named("goro", EVERY)).tenant == "beta"
    assert await people.named("acme/goro", EVERY) is None


@pytest.mark.parametrize("line", ['login = "jiro"\ntenant = "Acme Ltd"', 'login = "a/b"'])
async def test_names_that_could_be_mistaken_are_refused(people: People, tmp_path: Path, line: str) -> None:
    path = tmp_path / "people.toml"
    path.write_text(f"[[person]]\n{line}\n")
    with pytest.raises(ConfigError):
        await people.read_file(path, 2.0)


async def test_private_addresses_are_known_with_and_without_a_tag(people: People) -> None:
    account = Account(
        "taro", addresses=("taro@example.co.jp",), kana="ヤマダ タロウ", private=("T.Yamada@Mail.example",)
    )
    await people.save(account, 1.0)
    asked = ("t.yamada+x@mail.example", "T.Yamada@mail.example", "other@mail.example")
    assert await people.private("default", asked) == set(asked[:2])
    assert await people.private("other", asked) == frozenset()
    kept = await people.account("default", "taro")
    assert kept is not None
    assert (kept.kana, kept.private) == ("ヤマダ タロウ", ("t.yamada@mail.example",))
    assert kept.person.names == ("ヤマダ タロウ",)


async def test_who_may_write_from_an_address(people: People) -> None:
    """Its owner, else those who share it; nobody who is gone."""

    async def writers(address: str, tenant: str = "default") -> list[str]:
        return [one.login for one in await people.writers(tenant, address)]

    assert await writers("HANAKO+news@example.co.jp") == ["hanako"]
    assert await writers("sales@example.co.jp") == ["hanako"]
    assert await writers("sales+x@example.co.jp") == ["hanako"]
    assert await writers("nobody@example.co.jp") == []
    assert await writers("%@example.co.jp") == []
    assert await writers("hanako@example.co.jp", "acme") == []
    await people.save(msgspec.structs.replace(TARO, send_as=("sales@example.co.jp",)), 2.0)
    assert await writers("sales@example.co.jp") == ["hanako", "taro"]
    await people.save(msgspec.structs.replace(HANAKO, disabled=True), 3.0)
    assert await writers("hanako@example.co.jp") == []
    assert await writers("sales@example.co.jp") == ["taro"], "the other one is gone"


async def test_who_writes_is_remembered_as_long_as_who_logged_in(
    people: People, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy upstream asks the database once in a while; whoever another node disables is out within seconds."""
    now = [0.0]
    other = People(database, Hasher(threads=1), clock=lambda: now[0])
    asked: list[str] = []
    read = database.read
    monkeypatch.setattr(database, "read", lambda operation: asked.append("") or read(operation))
    for _ in range(50):
        (found,) = await other.writers("default", "hanako@example.co.jp")
        assert found.login == "hanako"
    assert len(asked) == 1
    await people.save(msgspec.structs.replace(HANAKO, disabled=True), 2.0)
    now[0] += AGE
    assert await other.writers("default", "hanako@example.co.jp") == ()
