"""How values look."""

import pytest

from config.policy import Organisation
from console.view import domains, filesize, hour, moment, replies_of, standing, templates, visible
from mail.envelope import ForwardPath
from quarantine.item import Entry, Recipient, State, Status
from tests.console.premises import NOW, item


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("請求書.pdf", "請求書.pdf"),
        ("a　b c", "a　b c"),
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("a\u202eb", 'a<span class="hidden-character">U+202E</span>b'),
        ("a\u200bb", 'a<span class="hidden-character">U+200B</span>b'),
        ("a\u00a0b", 'a<span class="hidden-character">U+00A0</span>b'),
        ("a\u3164b", 'a<span class="hidden-character">U+3164</span>b'),
        (
            "a\r\nb",
            'a<span class="hidden-character">U+000D</span><span class="hidden-character">U+000A</span>b',
        ),
        (
            "a\x00\ud800",
            'a<span class="hidden-character">U+0000</span><span class="hidden-character">U+D800</span>',
        ),
    ],
)
def test_hidden_characters_become_visible_and_markup_does_not_work(text: str, shown: str) -> None:
    assert str(visible(text)) == shown


def test_a_body_keeps_its_lines() -> None:
    assert str(visible("a\n\tb\r", lines=True)) == 'a\n\tb<span class="hidden-character">U+000D</span>'


def test_times_and_sizes() -> None:
    assert "2026年5月29日 05:26" in moment(NOW, "ja", "Asia/Tokyo")
    assert "28 May 2026, 20:26" in moment(NOW, "en", "UTC")
    assert moment(None, "ja", "UTC") == "–"
    assert hour(NOW, "en", "UTC") == "20:26 on 28 May"
    assert [filesize(n) for n in (9, 2048, 5 << 20)] == ["9 B", "2 KB", "5.0 MB"]


def test_outsiders_stand_first_and_of_them_the_unknown() -> None:
    organisation = Organisation(
        domains=("us.example",), group_domains=("group.example",), partners={"p.example": "P社"}
    )
    made, _ = item("x", b"", "a@us.example", "b@group.example", "c@p.example", "d@q.example", "e@p.example")
    found = domains(made, organisation)
    assert [(d.name, d.kind, d.company, len(d.recipients)) for d in found] == [
        ("q.example", "external", "", 1), ("p.example", "external", "P社", 2),
        ("group.example", "group", "", 1), ("us.example", "internal", "", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "name", "at"),
    [
        ({"due_at": NOW + 305}, "leaves_at", NOW + 300),
        ({"due_at": None}, "held", None),
        ({"due_at": NOW + 305, "holds": ("x",)}, "review", None),
        ({"due_at": NOW + 305, "approvals": ("president",)}, "approval", None),
        ({"state": State.QUEUED, "due_at": NOW}, "leaving", None),
        ({"state": State.QUEUED, "due_at": NOW + 60, "attempts": 1}, "retry", NOW + 60),
        ({"state": State.ACTIVE, "due_at": NOW + 60, "attempts": 1}, "leaving", None),
        ({"state": State.WITHDRAWN}, "withdrawn", None),
    ],
)
def test_where_a_mail_stands(changes: dict[str, object], name: str, at: float | None) -> None:
    made, _ = item("x", b"", **changes)
    assert (standing(made, NOW, 5).name, standing(made, NOW, 5).at) == (name, at)


@pytest.mark.parametrize(("status", "name"), [(Status.DELIVERED, "done"), (Status.FAILED, "failed")])
def test_a_failed_recipient_is_not_called_done(status: Status, name: str) -> None:
    made, _ = item("x", b"", state=State.DONE)
    made = made.__class__(**{f: getattr(made, f) for f in made.__struct_fields__} | {
        "recipients": (Recipient(ForwardPath("a@b.example"), Status.DELIVERED, "", 5.0), Recipient(ForwardPath("c@d.example"), status, "", 9.0))
    })  # fmt: skip
    assert (standing(made, NOW, 5).name, standing(made, NOW, 5).at) == (name, 9.0)


def test_replies_of_attempts_and_of_passed_mail() -> None:
    assert replies_of(
        Entry(1, "finish", "x", detail={"outcomes": [[0, "delivered", "250 ok"], [1, "deferred", ""]]})
    ) == ["250 ok"]
    assert replies_of(Entry(1, "pass", "x", detail={"replies": ["250 a"]})) == ["250 a"]
    assert replies_of(Entry(1, "stop", "x")) == []


def test_templates_escape_and_know_their_names() -> None:
    environment = templates()
    assert environment.autoescape is True
    with pytest.raises(Exception, match="undefined"):
        environment.from_string("{{ nothing }}").render()
