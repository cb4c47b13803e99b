"""A border between organisations that is not clear stops the start, and says where."""

from pathlib import Path

from gateway.start.configuration import Configuration

HOUSE = 'policy = "policy.toml"\n[[listeners]]\nname = "mx"\nrole = "inbound"\nport = 0\ntenant = "*"\n'
PERSON = '[[person]]\nlogin = "{0}"\naddresses = ["{0}@{1}"]\n{2}'


def read(folder: Path, settings: str, **files: str) -> Configuration:
    """A folder with a policy for each name; a name with "people" at its end is a people file."""
    for name, text in {"policy": "us.example.jp", "acme": "acme.example.com", **files}.items():
        written = text if name.endswith("people") else f'[organisation]\ndomains = ["{text}"]\n'
        (folder / f"{name}.toml").write_text(written)
    (folder / "sekisho.toml").write_text(settings)
    return Configuration(folder / "sekisho.toml")


def about(found: Configuration, word: str) -> list[str]:
    return [problem for problem in found.problems if word in problem]


def test_each_tenant_has_its_own_policy_people_and_versions(tmp_path: Path) -> None:
    settings = HOUSE + '[tenants.acme]\npolicy = "acme.toml"\npeople = "acme_people.toml"\n'
    found = read(tmp_path, settings, acme_people=PERSON.format("ann", "acme.example.com", ""))
    assert about(found, "none of our domains") == []
    assert "whom organisation.classes" in "".join(about(found, "nobody of the tenant acme")), (
        "its own approvers"
    )
    assert found.policies("acme").organisation.domains == ("acme.example.com",)
    assert found.policies("default").organisation.domains == ("us.example.jp",)
    assert set(found.written) == {"default", "acme"}
    assert found.policies.owner("mx.acme.example.com") == "acme"
    assert found.policies.owner("elsewhere.example") is None
    assert found.policies.is_others("default", "acme.example.com")
    assert not found.policies.is_others("acme", "acme.example.com")


def test_what_a_tenant_lacks_is_told_where_the_house_has_people_too(tmp_path: Path) -> None:
    """What was found with the house's people took the place of it."""
    settings = (
        'people = "house_people.toml"\n'
        + HOUSE
        + '[tenants.acme]\npolicy = "acme.toml"\npeople = "acme_people.toml"\n'
    )
    heads = PERSON.format("taro", "us.example.jp", 'roles = ["user", "president", "administrator"]\n')
    ann = PERSON.format("ann", "acme.example.com", "")
    found = read(tmp_path, settings, house_people=heads, acme_people=ann)
    assert about(found, "acme_people.toml: ") != []
    assert found.mistakes["acme"] == about(found, "acme_people.toml: ")
    assert found.mistakes["default"] == []


def test_a_domain_is_one_tenants(tmp_path: Path) -> None:
    settings = HOUSE + '[tenants.acme]\npolicy = "acme.toml"\n'
    for domain in ("us.example.jp", "branch.us.example.jp"):
        (told,) = about(read(tmp_path, settings, acme=domain), "one tenant's")
        assert f"{domain}, a domain of acme" in told
        assert told.startswith("sekisho.toml:7: ") or "sekisho.toml" in told


def test_who_is_named_has_a_table(tmp_path: Path) -> None:
    settings = HOUSE.replace('"*"', '"amce"') + '[tenants.acme]\npolicy = "acme.toml"\n'
    assert len(about(read(tmp_path, settings), "no table [tenants.amce]")) == 1
    assert about(read(tmp_path, HOUSE.replace('"*"', '"other"')), "no table") == [], (
        "as before there were tables"
    )
    assert (
        len(about(read(tmp_path, HOUSE + '[tenants.default]\npolicy = "acme.toml"\n'), "the house itself"))
        == 1
    )
    assert (
        len(about(read(tmp_path, HOUSE + '[tenants.acme]\npolicy = "none.toml"\n'), "there is no file")) == 1
    )


def test_people_are_in_one_file(tmp_path: Path) -> None:
    """A tenant's own file names no tenant: whoever writes it makes nobody of another one."""
    settings = (
        'people = "people.toml"\n'
        + HOUSE
        + '[tenants.acme]\npolicy = "acme.toml"\npeople = "acme_people.toml"\n'
    )
    stranger = PERSON.format("eve", "acme.example.com", 'tenant = "other"\n')
    own = PERSON.format("ann", "acme.example.com", "")
    found = read(tmp_path, settings, people=stranger.replace("other", "acme"), acme_people=own)
    assert len(about(found, "a people file of its own")) == 1
    found = read(
        tmp_path, settings, people=own.replace("acme.example.com", "us.example.jp"), acme_people=stranger
    )
    assert len(about(found, "whose people these are")) == 1


def test_an_upstream_is_one_tenants(tmp_path: Path) -> None:
    relay = '[[listeners]]\nname = "up"\nrole = "relay"\nport = 0\ntenant = "*"\n[listeners.upstream]\nnetworks = ["192.0.2.1/32"]\n'
    assert len(about(read(tmp_path, HOUSE + relay), "whose mail an upstream brings")) == 1


def test_each_address_of_the_console_is_one_organisations(tmp_path: Path) -> None:
    """By the host of a request it is known whose door it is."""
    table = '[tenants.{0}]\npolicy = "{0}.toml"\nbase_url = "{1}"\n'
    console = '[console]\nbase_url = "https://gate.example.com"\n'
    for urls, said in (
        (("https://a.example.com", "https://b.example.com"), ""),
        (
            ("https://a.example.com", "https://A.example.com:443/x"),
            "tenants.beta.base_url: is the host of tenants.acme",
        ),
        (
            ("https://gate.example.com/", "https://b.example.com"),
            "tenants.acme.base_url: is the host of console.base_url",
        ),
        (
            ("a.example.com", "https://b.example.com"),
            'tenants.acme.base_url: has no scheme; did you mean "https://a',
        ),
    ):
        tables = console + "".join(table.format(*each) for each in zip(("acme", "beta"), urls, strict=True))
        found = read(tmp_path, HOUSE + tables, beta="beta.example.com")
        told = about(found, "base_url")
        assert len(told) == bool(said)
        assert said in "".join(told)
