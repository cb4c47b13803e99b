"""Where a mistake stands; that of TOML itself is in test_settings_file.py."""

from config.problems import Source, in_order, meant

SOURCE = Source(
    "site.toml",
    '[rules.many]\nthen = "warn"\n\n[[person]]\nlogin = "taro"\nroles = [\n "user",\n "aprover"]\n'
    '[routes."a.example"]\nhost = "x"\n[[person]]\nname = "hanako"\n',
)


def test_a_key_is_found_by_names_numbers_and_logins() -> None:
    assert SOURCE.line("rules.many.then") == (2, 3)
    assert SOURCE.line("rules.many.absent") == (1, 2), "the nearest that is there"
    assert SOURCE.line("person.taro.roles.1") == (8, 4)
    assert SOURCE.line("person.1.name") == (12, 3)
    assert SOURCE.line("person.hanako") == (11, 2)
    assert SOURCE.line("routes.a.example.host") == (10, 4)
    assert SOURCE.line("absent.key") == (0, 0)


def test_a_problem_stands_in_the_file_that_says_most_of_its_key() -> None:
    above = Source("above.toml", '[rules.many]\nweight = 3\n[rules.other]\nthen = "off"\n')
    assert above.located("rules.many.then: is wrong", SOURCE) == "site.toml:2: rules.many.then: is wrong"
    assert above.located("rules.other.then: x", SOURCE) == "above.toml:4: rules.other.then: x"
    assert above.located("rules: x", SOURCE) == "above.toml:1: rules: x", "the upper one of two"
    assert above.located("mode: x", SOURCE) == "above.toml: mode: x"
    assert above.located("rules.many.old is now written new", SOURCE).startswith("above.toml:1: ")


def test_problems_stand_in_the_order_of_their_lines() -> None:
    assert in_order(["b:9: x", "a:2: y", "NAME: z", "b:10: x", "b:1: x", "a:2: y"]) == [
        "b:1: x", "b:9: x", "b:10: x", "a:2: y", "NAME: z",
    ]  # fmt: skip


def test_what_was_meant() -> None:
    assert meant("aprover", ["user", "approver"]) == '; did you mean "approver"?'
    assert meant("Asia/tokio", ["Asia/Tokyo", "Asia/Taipei"]) == '; did you mean "Asia/Tokyo"?'
    assert meant("zebra", ["user"]) == ""
    assert meant(7, ["user"]) == ""
