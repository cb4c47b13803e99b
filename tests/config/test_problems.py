"""Where a mistake stands; that of TOML itself is in test_settings_file.py."""

from config.problems import Source, in_order, meant

SOURCE = Source(
    "site.toml",
    '[rules.many]\nthen = "warn"\n\n[[person]]\nlogin = "taro"\nroles = [\n "user",\n "aprover"]\n'
    '[routes."a.example"]\nhost = "x"\n[[person]]\nname = "hanako"\n',
)


def test_a_key_is_found_by_names_numbers_and_logins() -> None:
    assert SOURCE.place("rules.many.then") == ((2, 1), 3)
    assert SOURCE.place("rules.many.absent") == ((1, 2), 2), "the nearest that is there"
    assert SOURCE.place("person.taro.roles.1") == ((8, 2), 4)
    assert SOURCE.place("person.1.name") == ((12, 1), 3)
    assert SOURCE.place("person.hanako") == ((11, 3), 2)
    assert SOURCE.place("routes.a.example.host") == ((10, 1), 4)
    assert SOURCE.place("absent.key") == ((1, 1), 0), "the beginning"


def test_a_problem_stands_in_the_file_that_says_most_of_its_key() -> None:
    above = Source("above.toml", '[rules.many]\nweight = 3\n[rules.other]\nthen = "off"\n')
    assert above.located("rules.many.then: is wrong", SOURCE) == "site.toml:2:1: rules.many.then: is wrong"
    assert above.located("rules.other.then: x", SOURCE) == "above.toml:4:1: rules.other.then: x"
    assert above.located("rules: x", SOURCE) == "above.toml:1:2: rules: x", "the upper one of two"
    assert above.located("mode: x", SOURCE) == "above.toml:1:1: mode: x"
    assert above.located("rules.many.old is now written new", SOURCE).startswith("above.toml:1:2: ")


def test_problems_stand_in_the_order_of_their_lines() -> None:
    assert in_order(["b:9:1: x", "a:2:3: y", "NAME: z", "b:10:1: x", "b:9:12: x", "b:9:5: x", "a:2:3: y"]) == [
        "b:9:1: x", "b:9:5: x", "b:9:12: x", "b:10:1: x", "a:2:3: y", "NAME: z",
    ]  # fmt: skip


def test_what_was_meant() -> None:
    assert meant("aprover", ["user", "approver"]) == '; did you mean "approver"?'
    assert meant("Asia/tokio", ["Asia/Tokyo", "Asia/Taipei"]) == '; did you mean "Asia/Tokyo"?'
    assert meant("zebra", ["user"]) == ""
    assert meant(7, ["user"]) == ""


def test_a_word_that_is_cut_short_is_understood() -> None:
    assert meant("dept", ("department", "login")) == '; did you mean "department"?'
    assert meant("dept", ("department", "depot")) == '; did you mean "depot"?'
    assert meant("de", ("department", "login")) == ""
