"""Policy files: layers, and every mistake at once."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from config.load import PRESETS, SHIPPED, load_policy, shipped
from config.policy import Arriving, ConfigError, Encrypt, Warn, Warned
from filters.ruleset import problems
from mail.address import parse


def site(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(tmp_path: Path, text: str, presets: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_policy(site(tmp_path, text), presets, check=problems)
    return error.value.problems


def test_the_shipped_policy_is_good_and_wants_domains() -> None:
    policy = load_policy(None, demo=True, check=problems)
    assert policy.mode == "enforce"
    assert policy.rules["external_recipient"].then == "delay 5m"
    assert [c.name for c in policy.organisation.classes] == ["公開", "グループ外秘", "社外秘", "極秘"]
    with pytest.raises(ConfigError, match=r"organisation\.domains"):
        load_policy(None)


def test_how_warned_and_other_arriving_mail_is_shown(tmp_path: Path) -> None:
    shipped = load_policy(None, demo=True)
    assert shipped.warned == Warned(html="clean", links="defang", attachments="disarm", keep_original=True)
    assert shipped.arriving == Arriving(html="keep", links="keep", keep_original=True)
    text = '[organisation]\ndomains = ["us.example"]\n[warned]\nattachments = "note"\n[arriving]\nhtml = "text"\n'
    mine = load_policy(site(tmp_path, text))
    assert mine.shown(warned=True) == Warned("text", "defang", "note", True), "the stricter of both"
    assert mine.shown(warned=False) == Warned("text", "keep", "keep", True), (
        "attachments of other mail are left alone"
    )
    assert mistakes(tmp_path, text + 'links = "of"\n') == [
        f'{tmp_path}/site.toml:7:1: arriving.links: must be "keep" or "defang"'
    ]


def test_every_outbound_control_has_its_comment_in_both_languages() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    for control in (
        "OUT-DELAY",
        "OUT-BCC",
        "OUT-BODY",
        "OUT-ENCRYPT",
        "OUT-PASSWORD",
        "OUT-APPROVE",
        "OUT-CLASS",
        "OUT-EXEC",
    ):
        lines = [line for line in text.splitlines() if line.startswith("#") and control in line]
        assert lines, control
    for name in tomllib.loads(text)["rules"]:
        own, _, block = text.partition(f"\n[rules.{name}]\n")
        before = own if block else text[: text.index(f"\n{name} = {{")]
        lines = [line for line in before.splitlines() if block or " = {" not in line]
        assert lines[-1].startswith("#"), name


@pytest.mark.parametrize("table", [Encrypt, Warn, Warned, Arriving])
def test_no_default_is_one_thing_in_the_code_and_another_in_the_file(table: type) -> None:
    said = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))[table.__name__.lower()]
    here = msgspec.json.decode(msgspec.json.encode(table()))
    assert said.keys() == here.keys()
    assert {name: said[name] for name in here if here[name] != {}} == {
        n: v for n, v in here.items() if v != {}
    }


def test_a_site_lies_over_the_preset_and_that_over_the_shipped_one(tmp_path: Path) -> None:
    path = site(tmp_path, '[organisation]\ndomains = ["US.Example"]\n[rules.many_external]\naddresses = 9\n')
    policy = load_policy(path, ["observe"], check=problems)
    assert policy.mode == "observe"
    assert policy.organisation.domains == ("us.example",)
    assert policy.rules["many_external"].then == "bcc"
    assert policy.rules["many_external"].settings == {
        "addresses": 9, "domains": 3, "exempt_domains": [], "exempt_addresses": [],
        "known_thread": True,
    }  # fmt: skip
    assert policy.organisation.classes


def test_settings_that_had_one_key_for_each_language_say_how_they_are_written_now(tmp_path: Path) -> None:
    found = mistakes(tmp_path, '[warn]\nsubject_mark_ja = "x"\nsubject_mark_en = "y"\n')
    file = tmp_path / "site.toml"
    assert f'{file}:2:1: warn.subject_mark_ja is now written subject_mark = {{ ja = "…" }}' in found
    assert f'{file}:3:1: warn.subject_mark_en is now written subject_mark = {{ en = "…" }}' in found


def test_a_language_is_known_when_it_has_files(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        '[organisation]\ndomains = ["us.example"]\nlanguage = "xx"\nlanguages = ["en", "yy"]\n'
        '[warn]\nsubject_mark = { zz = "!" }\n',
    )
    file = tmp_path / "site.toml"
    assert [line.split(" (")[0] for line in found] == [
        f"{file}:3:1: organisation.language: no language 'xx'",
        f"{file}:4:1: organisation.languages: no language 'yy'",
        f"{file}:6:1: warn.subject_mark: no language 'zz'",
    ]


def test_the_version_is_that_of_the_texts(tmp_path: Path) -> None:
    text = '[organisation]\ndomains = ["us.example"]\n'
    one = load_policy(site(tmp_path, text)).version
    assert one == load_policy(site(tmp_path, text)).version
    assert one != load_policy(site(tmp_path, text + "# changed\n")).version
    assert one != load_policy(site(tmp_path, text), ["observe"]).version


def test_all_mistakes_at_once_each_with_its_place(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        """
        mod = "x"
        mode = "enforced"
        version = "1"
        [organisation]
        domains = ["a@b.example", "nodots"]
        nam = "x"
        [[organisation.classes]]
        name = "x"
        level = 1
        marks = [""]
        audience = "friends"
        approver = "the boss"
        [encrypt]
        minimum_bits = "many"
        [warn]
        warn_at = 1.5
        [rules.nonsense]
        then = "hold"
        [rules.many_external]
        then = "bccc"
        weight = -1
        adresses = 4
        domains = "three"
        """,
        ("observed",),
    )
    expected = [
        "mod:", "mode:", "version:", "'a@b.example'", "'nodots'", "organisation.nam:", "classes.x.audience",
        "classes.x.approver", "an empty mark", "encrypt.minimum_bits", "warn.warn_at", "rules.nonsense",
        '"bccc"', "rules.many_external.weight", "rules.many_external.adresses", "rules.many_external.domains",
        "presets:",
    ]  # fmt: skip
    for word in expected:
        assert sum(word in f for f in found) == 1, (word, found)
    assert len(found) == len(expected), found


@pytest.mark.parametrize(
    "text",
    ["[organisation", 'rules = "x"', "organisation = 3", "[rules]\nx = 3", "[rules.many_external]\nthen = 5"],
)
def test_broken_files_are_named(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml"):
        load_policy(tmp_path / "gone.toml")


def test_every_preset_is_good() -> None:
    for preset in PRESETS.iterdir():
        load_policy(None, [preset.name.removesuffix(".toml")], demo=True, check=problems)


def test_labels_are_guids_of_one_class(tmp_path: Path) -> None:
    guid = "0A1b2c3d-1111-2222-3333-444455556666"
    scheme = "[organisation]\ndomains = ['a.example']\n" + "".join(
        f"[[organisation.classes]]\nname = '{name}'\nlevel = 1\nmarks = []\nlabels = {labels}\n"
        for name, labels in (("one", [guid]), ("two", [guid.lower(), "Confidential"]))
    )
    assert [found.partition("labels: ")[2] for found in mistakes(tmp_path, scheme)] == [
        f"'{guid.lower()}' is also a label of one",
        "'Confidential' is no GUID such as 0a1b2c3d-1111-2222-3333-444455556666",
    ]


def test_domains_are_known_by_their_labels_on_the_wire(tmp_path: Path) -> None:
    """Written as people read them or as the envelope has them, they are the same domains."""
    file = tmp_path / "policy.toml"
    file.write_text(
        '[organisation]\ndomains = ["日本語.example"]\ngroup_domains = ["グループ.example"]\n'
        'partners = { "高洋.example" = "高洋商事" }\n'
    )
    organisation = load_policy(file).organisation
    assert organisation.internal("taro@xn--wgv71a119e.example")
    assert organisation.group(parse("x@グループ.example", smtputf8=True))
    assert organisation.partners == {"xn--6xwz09g.example": "高洋商事"}


def test_a_class_without_marks_has_those_of_its_name_below(tmp_path: Path) -> None:
    """OUT-CLASS: the words of the marks stand in one place."""
    of_rule_book = {c.name: c.marks for c in load_policy(None, ["rulebook"], demo=True).organisation.classes}
    assert of_rule_book == {c.name: c.marks for c in shipped().organisation.classes}
    said = 'organisation.domains = ["a.example"]\n[[organisation.classes]]\nname = "社外秘"\nlevel = 2\n'
    own = load_policy(
        site(tmp_path, said + '[[organisation.classes]]\nname = "極秘"\nlevel = 3\nmarks = ["絶秘"]\n')
    )
    assert [c.marks for c in own.organisation.classes] == [of_rule_book["社外秘"], ("絶秘",)]


def test_a_class_may_take_a_list_of_words_that_ships(tmp_path: Path) -> None:
    said = 'organisation.domains = ["a.example"]\n[[organisation.classes]]\nname = "社外秘"\nlevel = 2\n'
    own = load_policy(site(tmp_path, said + 'marks = ["@company", "計画部限り"]\n'))
    assert own.organisation.classes[0].marks == ("@company", "計画部限り")
    with pytest.raises(ConfigError, match="none of the lists @group, @company, @strict"):
        load_policy(site(tmp_path, said + 'marks = ["@corporate"]\n'))


def test_a_new_class_names_its_marks(tmp_path: Path) -> None:
    said = 'organisation.domains = ["a.example"]\n[[organisation.classes]]\nname = "新秘"\nlevel = 2\n'
    assert any("marks" in problem for problem in mistakes(tmp_path, said))
