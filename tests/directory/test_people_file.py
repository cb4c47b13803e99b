"""The people file read: what is right in it, and all that is wrong. test_people.py makes it true."""

from pathlib import Path

from directory.account import Role
from directory.people_file import read_all_people, read_people


def read(folder: Path, text: str) -> tuple[list[str], list[str]]:
    path = folder / "people.toml"
    path.write_text(text, "utf-8")
    entries, problems, _ = read_people(path)
    return [entry.login for entry in entries], [text.replace(f"{path}:", "") for text in problems]


def test_each_mistake_of_a_person_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    logins, problems = read(
        tmp_path,
        '[[person]]\nlogin = "Taro"\nnmae = 3\nroles = [\n"user",\n"boss"]\ndisabled = "no"\n'
        '[[person]]\nlogin = "hanako"\naddresses = ["a@x", "b c@x", "@x"]\ntenant = "A!"\n',
    )
    assert logins == ["taro", "hanako"]
    assert problems == [
        '3:1: person Taro: nmae: no such key; did you mean "name"?',
        "6:1: person Taro: roles: no role 'boss' (roles: user, approver, president, operator, auditor, administrator,"
        " house_operator)",
        "7:1: person Taro: disabled: must be true or false, without quotation marks; it is a text",
        "10:21: person hanako: addresses: 'b c@x' is not an address",
        "10:30: person hanako: addresses: '@x' is not an address",
        "11:1: person hanako: tenant: 'A!' cannot name a tenant",
    ]


def test_a_last_day_and_attributes(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text(
        '[[person]]\nlogin = "a"\nleaving = 2027-03-31\nattributes = { site = "Osaka" }\n'
        '[[person]]\nlogin = "b"\nleaving = "soon"\nattributes = { floor = 3 }\n',
        "utf-8",
    )
    (a, b), problems, _ = read_people(path)
    assert (a.person.leaving, a.person.attributes) == ("2027-03-31", {"site": "Osaka"})
    assert (b.person.leaving, b.person.attributes) == ("", {})
    assert [p.removeprefix(f"{path}:") for p in problems] == [
        "7:1: person b: leaving: must be a day such as 2027-03-31",
        "8:16: person b: attributes.floor: must be a text in quotation marks; it is a number",
    ]


def test_a_name_and_an_address_are_one_person_s_in_each_tenant(tmp_path: Path) -> None:
    person = '[[person]]\nlogin = "{}"\naddresses = ["{}@x"]\n'
    other = 'tenant = "acme"\n'
    assert read(tmp_path, person.format("a", "a") + person.format("a", "a") + other)[1] == []
    assert read(tmp_path, person.format("a", "a") + person.format("Ａ", "A"))[1] == [
        "5:1: person a: a stands there twice"
    ]
    assert read(tmp_path, person.format("a", "a") + person.format("b", "A"))[1] == [
        "6:14: person b: a@x belongs to a"
    ]


def test_one_person_in_single_brackets_is_told(tmp_path: Path) -> None:
    assert read(tmp_path, '[person]\nlogin = "a"\n')[1] == [
        "1:2: person: each person is a table of its own: [[person]], in double brackets"
    ]
    assert read(tmp_path, "") == ([], [])


def test_roles_are_read(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text('[[person]]\nlogin = "a"\nroles = ["president", "x"]\n')
    (entry,), problems, _ = read_people(path)
    assert entry.roles == (Role.PRESIDENT,)
    assert len(problems) == 1


def test_the_operator_of_the_house_is_one_of_the_house(tmp_path: Path) -> None:
    """Neither of another tenant in its file, nor in a tenant's own file."""
    role = 'roles = ["house_operator"]\n'
    logins, problems = read(
        tmp_path,
        f'[[person]]\nlogin = "ban"\n{role}[[person]]\nlogin = "ann"\ntenant = "acme"\n{role}',
    )
    assert logins == ["ban", "ann"]
    (told,) = problems
    assert told.startswith('7:1: person ann: roles: "house_operator" is a role of the house')
    own = tmp_path / "acme.toml"
    own.write_text(f'[[person]]\nlogin = "ann"\n{role}', "utf-8")
    _, problems = read_all_people({"acme": own})
    (told,) = problems
    assert 'acme.toml:3:1: person ann: roles: "house_operator" is a role of the house' in told
