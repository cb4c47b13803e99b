"""Names that speak of a secret, in the many ways in which they are given one."""

import random
import string

import pytest
import re2

from filters.detect.assigned import WAKES, assigned
from filters.detect.text import Text

CHANCE = random.Random("assigned")
KEY = "".join(CHANCE.choice(string.ascii_letters + string.digits) for _ in range(24))
PASSWORD = "Vz8" + "".join(CHANCE.choice(string.ascii_letters) for _ in range(6)) + "#q5"
WAYS = [
    "api_key={v}",
    'API_KEY = "{v}"',
    "api_key: '{v}'",
    'const apiKey = "{v}";',
    "apiKey := `{v}`",
    '{{"region": "tokyo", "api_key": "{v}"}}',
    '"{{\\"api_key\\": \\"{v}\\"}}"',
    "define('API_KEY', '{v}');",
    "$config['api_key'] = '{v}';",
    ":api_key => '{v}',",
    "<api_key>{v}</api_key>",
    '<add key="API_KEY" value="{v}" />',
    "name,value\napi_key,{v}\n",
    "api_key\t{v}",
    "| api_key | {v} |",
    "env:\n  - name: API_KEY\n    value: {v}\n",
    'variable "api_key" {{\n  type = string\n  default = "{v}"\n}}',
    "api_key: |\n  {v}\n",
    "ENV API_KEY {v}",
    "setx API_KEY {v}",
    "$env:API_KEY = '{v}'",
    "app --api-key {v} --verbose",
    "app --api-key={v}",
    "GET https://api.example/v1?api_key={v}&page=2",
    "X-API-Key: {v}",
    "INFO loaded api_key={v} debug=false",
    "INSERT INTO settings VALUES ('api_key', '{v}');",
    "Authorization: Bearer {v}",
    "The API key is {v}.",
    "APIキーは {v} です。",
    "アクセストークン：{v}",
    "「api_key」に「{v}」を設定してください。",
    "APIキーをお知らせします。\n\n{v}\n",
    "client secret -> {v}",
]


def found(raw: str, role: str = "content") -> list[str]:
    text = Text("1", raw, role)
    if not re2.search(WAKES, text.flat):
        return []
    return [value for _, _, value in assigned(text.cells, file=role == "content")]


@pytest.mark.parametrize("way", WAYS)
def test_a_key_is_given(way: str) -> None:
    assert found(way.format(v=KEY)) == [KEY]


@pytest.mark.parametrize(
    "raw",
    [
        f"db_password = {PASSWORD}",
        f"define('DB_PASSWORD', '{PASSWORD}');",
        f"spring.datasource.password={PASSWORD}",
        f'<add key="ClearTextPassword" value="{PASSWORD}" />',
        f"password: {PASSWORD}",
    ],
)
def test_a_password_in_a_file(raw: str) -> None:
    assert found(raw) == [PASSWORD]


def test_what_a_mail_tells_people_is_told_elsewhere() -> None:
    assert found(f"Password: {PASSWORD}", "body") == []
    assert found(f"SMTP_PASSWORD: {PASSWORD}", "body") == [PASSWORD]


@pytest.mark.parametrize(
    "raw",
    [
        "API_KEY=your_api_key_here",
        "API_KEY=${API_KEY}",
        'api_key = os.environ["API_KEY"]',
        'password = getpass.getpass("Password: ")',
        "password: {{ vault_password }}",
        "secret: null\ntoken: ********",
        "token_count: 4096\nmax_tokens: 1024\ntokenizer: bpe",
        'primary_key = "customer_id_2024x"',
        f"public_key: {KEY}",
        f"sort_key = {KEY}",
        f"next_page_token: {KEY}",
        f"csrf_token={KEY}",
        f"author: {KEY}",
        "keyboard: 106keys-2024-black",
        "self.key = derive_pbkdf2_hmac(password, salt)",
        "token = self._lib.PKCS7_sign(key)",
        "key: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "secret = /etc/app/secret-2024a.pem",
        "login: y.sato2024@corp.example",
        f"https://zoom.us/j/91234567890?pwd={KEY}",
        "class Ed25519Key(Ed25519PrivateKey1): pass",
        "InChIKey: RYYVLZVUVIJVGH-UHFFFAOYSA-N",
        f"Cache restored from key: node-modules-Linux-{'8f3c2ab9' * 4}",
        f"Public key: {KEY}",
        "key: MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
        "token: MEUCIQDx7Kq2m9aZ4pLw8Rt1Yb6Nc3Vf5Hg0Js2Kd4Lf6Gh8JkIgQ1w2E3r4T5y6U7i8O9p0",
        "ssh key: AAAAC3NzaC1lZDI1NTE5AAAAIKq2m9aZ4pLw8Rt1Yb6Nc3Vf5Hg0Js2Kd4Lf6Gh8Jk",
        f"X-Hub-Signature-256: sha256={'8f3c2ab9' * 8}",
        f"https://id.corp.example/set-password?token={KEY}",
        f"utm_token={KEY}",
        "パスワードは12文字以上にしてください。キーは2026-11-30に変わります。",
    ],
)
def test_what_is_none(raw: str) -> None:
    assert found(raw) == []


def test_private_keys_in_der_are_secrets() -> None:
    """They begin with a version, not with an algorithm (RFC 5958 §2, RFC 8017 §A.1.2)."""
    for begins in ("MC4CAQAwBQYDK2VwBCIEI", "MIIEvQIBADANBgkqhkiG9w0", "MHcCAQEEI"):
        assert found(f"private_key={begins}{KEY}{KEY}") == [f"{begins}{KEY}{KEY}"]


def test_offsets_are_those_of_the_text() -> None:
    raw = f"お世話になっております。\napi_key: {KEY}\n"
    text = Text("1", raw, "body")
    ((_, at, _),) = assigned(text.cells, file=False)
    assert raw[text.origin(at) :].startswith(KEY)


@pytest.mark.parametrize(
    "before", ["<credentials><corp>", 'key="region" value="tokyo" ', "token: none\n", "auth=off; secret=no; "]
)
def test_what_is_none_hides_no_secret_behind_it_in_a_short_text(before: str) -> None:
    """Their surroundings are the same there: the whole text."""
    text = Text(
        "1",
        before + f'<add key="user" value="ci" /><add key="ClearTextPassword" value="{PASSWORD}" />',
        "content",
    )
    assert PASSWORD in {value for _, _, value in assigned(text.cells, file=True)}
