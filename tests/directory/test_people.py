"""People: OPS-ACCOUNT, who owns which address."""

from pathlib import Path

import argon2
import pytest

from config.policy import ConfigError
from directory.account import Account, Role
from directory.passwords import Hasher
from directory.people import AGE, PasswordRefused, People, canonical
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
    await people.set_password("hanako", GOOD)
    assert await people.authenticate("hanako", GOOD) == "hanako"
    assert await people.authenticate(" HANAKO ", GOOD) == "hanako"
    assert await people.authenticate("Hanako@example.co.jp", GOOD) == "hanako"
    assert await people.authenticate("hanako", GOOD + "x") is None
    assert await people.authenticate("nobody", GOOD) is None
    assert await people.authenticate("taro", "") is None


async def test_an_unknown_login_costs_the_same_work_as_a_wrong_password(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.set_password("hanako", GOOD)
    done = []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *a: done.append(1) or verify(*a))
    for login in ("hanako", "nobody", "taro", "nobody@example.co.jp"):
        done.clear()
        assert await people.authenticate(login, "wrong") is None
        assert len(done) == 1


async def test_who_is_disabled_on_another_node_is_out_within_seconds(
    people: People, database: Database
) -> None:
    now = [100.0]
    here = People(database, Hasher(threads=1), clock=lambda: now[0])
    assert await here.person("hanako") is not None
    await people.save(Account("hanako", addresses=HANAKO.addresses, disabled=True), 2.0)
    now[0] += AGE
    assert await here.person("hanako") is None


async def test_a_disabled_person_is_out_at_once(people: People) -> None:
    await people.set_password("hanako", GOOD)
    assert await people.person("hanako") is not None
    await people.save(Account("hanako", addresses=HANAKO.addresses, disabled=True), 2.0)
    assert await people.authenticate("hanako", GOOD) is None
    assert await people.person("hanako") is None


async def test_a_weak_password_is_refused_with_its_reasons(people: People) -> None:
    with pytest.raises(PasswordRefused) as refused:
        await people.set_password("hanako", "hanako12")
    assert {"password_kinds", "password_name"} <= set(refused.value.reasons)
    assert not await people.has_password("hanako")


async def test_addresses_belong_to_one_person(people: People) -> None:
    owner = await people.owner_of("HANAKO+news@example.co.jp")
    assert owner is not None
    assert owner.login == "hanako"
    assert await people.owner_of("sales@example.co.jp") is None
    with pytest.raises(ConfigError, match="belongs to taro"):
        await people.save(Account("third", addresses=("taro@example.co.jp",)), 2.0)
    assert await people.account("third") is None


async def test_an_exact_address_goes_before_a_sub_address(people: People) -> None:
    await people.save(Account("robot", addresses=("hanako+robot@example.co.jp",)), 2.0)
    owner = await people.owner_of("hanako+robot@example.co.jp")
    assert owner is not None
    assert owner.login == "robot"


async def test_names_for_the_rules(people: People) -> None:
    assert await people.all_names() == ("Hanako Yamada", "Taro Sato", "佐藤 太郎", "山田 花子")
    person = await people.person("hanako")
    assert person is not None
    assert (person.name, person.department, person.language) == ("山田 花子", "営業部", "ja")


async def test_a_language_without_files_is_the_organisations(people: People) -> None:
    for login, language in (("one", ""), ("two", "xx"), ("three", "en")):
        await people.save(Account(login, addresses=(f"{login}@example.co.jp",), language=language), 2.0)
    found = {a.login: a.language for a in await people.all()}
    assert (found["one"], found["two"], found["three"]) == ("ja", "ja", "en")
    assert await people.languages(["two@example.co.jp"]) == {"two@example.co.jp": "ja"}


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
    jiro = await people.account("jiro")
    assert jiro is not None
    assert jiro.has(Role.ADMINISTRATOR)
    await people.set_password("jiro", GOOD)
    path.write_text(
        '[[person]]\nlogin = "shiro"\naddresses = ["old@example.co.jp"]\n'
        '[[person]]\nlogin = "jiro"\naddresses = ["jiro@example.co.jp"]\n'
    )
    await people.read_file(path, 3.0)
    assert await people.authenticate("jiro", GOOD) == "jiro", "the password stays"
    owner = await people.owner_of("old@example.co.jp")
    assert owner is not None
    assert owner.login == "shiro", "an address can move"
    gone = await people.account("saburo")
    assert gone is not None
    assert gone.disabled, "who left the file is out"
    untouched = await people.account("hanako")
    assert untouched is not None
    assert not untouched.disabled, "who was never in the file is not"


async def test_a_hash_in_the_file_counts_until_the_person_sets_another(
    people: People, tmp_path: Path
) -> None:
    hasher = Hasher(threads=1)
    path = tmp_path / "people.toml"
    path.write_text(f'[[person]]\nlogin = "jiro"\npassword_hash = "{await hasher.hash("first%7Kq")}"\n')
    await people.read_file(path, 2.0)
    assert await people.authenticate("jiro", "first%7Kq") == "jiro"
    await people.set_password("jiro", GOOD)
    await people.read_file(path, 3.0)
    assert await people.authenticate("jiro", "first%7Kq") is None
    assert await people.authenticate("jiro", GOOD) == "jiro"
    hasher.close()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[person]]\nlogin = ", "people.toml"),
        ('[[person]]\nlogin = "x"\nrole = ["user"]', "unknown field"),
        ('[[person]]\nlogin = "x"\nroles = ["boss"]', "person 1"),
        ('[[person]]\nlogin = "x"\n[[person]]\nlogin = "X"', "twice"),
        ('[[person]]\nname = { ja = "x" }', "person 1"),
        ('[[person]]\nlogin = "x"\naddresses = ["nowhere"]', "no address"),
        ('[[person]]\nlogin = "x"\nname_ja = "x"', r'name_ja is now written name = \{ ja = "…" \}'),
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
    assert [a.login for a in await people.all()] == ["hanako", "taro"]


def test_logins_are_compared_in_one_form() -> None:
    assert canonical(" Ｈanako ") == "hanako"


async def test_the_example_of_the_guide_is_a_people_file(people: People, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    (tmp_path / "people.toml").write_text(guide.partition("```toml\n")[2].partition("```")[0], "utf-8")
    assert await people.read_file(tmp_path / "people.toml", 1.0) == 2
