"""IN-LINK: a field for a password in the mail itself."""

from html import escape

import pytest

from tests.filters.inbound.arriving import look, mail, weight

FIELD = '<form action="https://x.example/s.php"><input name="p" type="password"></form>'


@pytest.mark.parametrize(
    "html",
    [
        FIELD,
        FIELD.replace('"password"', '" PassWord "'),
        f'<iframe srcdoc="{escape(FIELD, quote=True)}"></iframe>',
        f"<!--[if mso]>{FIELD}<![endif]-->",
        '<p>Your key</p><input type="password">',
        '<input type="text" style="-webkit-text-security: disc">',
        '<input name="user_pwd">',
        '<input name="p1" placeholder="メールのパスワード">',
        f"<div><template shadowrootmode=open>{FIELD}</template></div>",
    ],
)
def test_a_field_for_a_password_warns(html: str) -> None:
    assert weight("password_field", mail("", html=html)) == 5


def test_other_fields_and_words_about_passwords_do_not() -> None:
    assert not look("password_field", mail("", html=FIELD.replace('"password"', '"search"')))
    assert not look("password_field", mail("", html="<p>Your password was changed.</p>"))
    assert not look("password_field", mail("<input type=password>"))
    assert not look(
        "password_field", mail("", html='<input type="hidden" name="pass"><input name="passenger">')
    )
    assert not look("password_field", mail("", html=f"<template>{FIELD}</template>"))
