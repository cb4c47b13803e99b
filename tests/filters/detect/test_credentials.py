"""Credentials by their shapes; people never read any part of them."""

import pytest

from filters.detect.credentials import FIRSTS, WAKES, credentials
from filters.detect.text import Text

A40 = "qVx7Ld2Rk9ZtWm8Pc1HbYs5Ng3TjUf6Ka0EwXi4o"


def found(raw: str) -> list[str]:
    text = Text("1", raw, "body")
    return [s.kind for s in credentials(text, frozenset({*FIRSTS, *WAKES}))]


TOKENS = [
    "AKIA" + "ABCD2345EFGH67IJ",
    "aws_secret_access_key = " + A40,
    "AIza" + "Syq7Vx2Ld9Rk" * 2 + "Zt4Wm8Pc1Hb",
    "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=" + "a1B2" * 21 + "ab==",
    "ghp_" + "a1B2c3D4e5F6" * 3,
    "github_pat_" + "a1B2c3D4e5" * 8 + "ab",
    "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "xoxb-" + "704519263388-" + "qVx7Ld2Rk9Zt",
    "sk_live_" + "a1B2c3D4e5F6g7H8i9J0",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "export DB_PASSWORD=Tr0ub4dor&3",
    'API_TOKEN="q8Zp7LmN3vXc"',
]


@pytest.mark.parametrize("count", [100, 5_000])
@pytest.mark.parametrize(
    ("placeholder", "real"),
    [
        ("sk_live_xxxxxxxxxxxxxxxxxxxxxxxx", "sk_live_" + "a1B2c3D4e5F6g7H8i9J0"),
        ("postgresql://user:password@host:5432/db", "postgresql://app:s3cr3tpw@db.example:5432/x"),
        ("API_TOKEN=<your-token>", 'API_TOKEN="q8Zp7LmN3vXc"'),
        ("ghp_ and ghp_xxxx", "ghp_" + "a1B2c3D4e5F6" * 3),
        ("user: x\npassword: <password>", "user: sato\npassword: Kx9mQ2zr"),
    ],
)
def test_placeholders_hide_no_credential_behind_them(placeholder: str, real: str, count: int) -> None:
    assert not found(f"{placeholder}\n" * 20)
    assert found(real)
    assert found(f"{placeholder}\n" * count + real)


@pytest.mark.parametrize("raw", TOKENS)
def test_tokens(raw: str) -> None:
    assert found(raw) == ["token"]
    assert found(f"本文です。\r\n{raw}\r\n以上") == ["token"]


@pytest.mark.parametrize(
    "raw",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-File-2: ssh-rsa",
    ],
)
def test_private_keys(raw: str) -> None:
    assert found(raw) == ["private_key"]


@pytest.mark.parametrize(
    "raw",
    [
        "postgresql://app:s3cr3tpw@db.example:5432/x",
        "mongodb+srv://u:pa55word9@h.example/",
        "https://user:hunter22@host.example/path",
        "Server=tcp:db.example;Database=x;User Id=sa;Password=Kx9#mQ2z;",
    ],
)
def test_connections(raw: str) -> None:
    assert "connection" in found(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "ID: tanaka01\nパスワード: Xy7#kLm9",
        "ユーザー名：tanaka\nパスワード：Xy7kLm99",
        "ログインIDは tanaka01、パスワードは qwerty123 です",
        "user: bob\npassword = hunter2!",
        "Username\tbob\nPassword\thunter22",
    ],
)
def test_pairs(raw: str) -> None:
    assert found(raw) == ["password"]


@pytest.mark.parametrize(
    "raw",
    [
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "AKIAshort",
        "パスワードは別途お知らせします。ID: tanaka",
        "パスワード: ********\nID: tanaka",
        "パスワード: Xy7#kLm9",
        "postgresql://app:password@db.example/x",
        "postgresql://app:<password>@db.example/x",
        "postgresql://app:${DB_PASSWORD}@db.example/x",
        "DB_PASSWORD=${SECRET}",
        "API_TOKEN=your-token-here",
        "https://example.com/a:b@c",
        "eyJust a word. eyJanother",
        "sk-learn and sk_live are words",
        "The password is required to log in. Login: see the portal",
        "https://host.example:8443/path?x=@y",
    ],
)
def test_what_does_not_count(raw: str) -> None:
    assert found(raw) == []


@pytest.mark.parametrize(
    "raw", [*TOKENS, "ID: tanaka01\nパスワード: Xy7#kLm9", "mysql://u:pa55word9@h.example/"]
)
def test_nothing_of_a_secret_is_quoted_but_its_end(raw: str) -> None:
    text = Text("1", raw, "body")
    (secret,) = credentials(text, frozenset({*FIRSTS, *WAKES}))
    assert "****" in secret.quote
    for word in ("Xy7#kLm9", "pa55word9", A40[:8], "a1B2c3D4", "EFGH67IJ", "Tr0ub4dor"):
        assert word not in secret.quote


DIRECTIVES = [
    "requirepass {p}",
    "bindpw {p}",
    "administrator password {p}",
    "    user ops insecure-password {p}",
    "CREATE USER 'a'@'%' IDENTIFIED BY '{p}';",
    "CREATE ROLE report LOGIN PASSWORD '{p}';",
    "net use Z: \\\\nas01\\share {p} /user:CORP\\backup",
    'schtasks /Create /RU CORP\\job /RP "{p}"',
    '$pw = ConvertTo-SecureString "{p}" -AsPlainText -Force',
    "mysql -h db01 -u orders -p'{p}' orders",
    '203.0.113.9 198.51.100.4 : PSK "{p}"',
    '$db = mysqli_connect("db01", "orders", "{p}", "orders");',
    '{{"key": "client_secret", "value": "{p}"}}',
]


@pytest.mark.parametrize("line", DIRECTIVES)
def test_what_configuration_and_commands_are_given(line: str) -> None:
    assert found(line.format(p="Kx9mQ2zr#vT4"))
    assert not found(line.format(p="password"))
    assert not found(line.format(p="${DB_PASS}"))


def test_examples_of_manuals_and_keys_of_rows_are_none() -> None:
    payload = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0"
    assert not found(f"eyJhbGciOiJIUzI1NiJ9.{payload}.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P")
    row = "9b2f1c44-7a0e-4d3f-8f55-1c2d3e4f5a6b"
    assert not found(f'{{"id": 1, "parent_key": "{row}"}}')
    assert found(f'{{"api_key": "{row}"}}')


ACCOUNTS = {
    "my.cnf": "[client]\nhost=db01\nuser=orders\npassword=Id6h2XQJdi?w\n",
    "zabbix": "DBHost=localhost\nDBUser=zabbix\nDBPassword=tzNCx7qCiX9GTIAw\n",
    "spring": "spring:\n  rabbitmq:\n    host: mq01\n    username: orders\n    password: eFvvoyJdudmALxaX\n",
    "helm": 'postgresql:\n  auth:\n    username: orders\n    password: "sByuAwAnzeYeTWEdTI5V"\n',
    "jenkins": "<password>{AQAAABAAAAAQKPG/v6jzIxlf5s4sVjGqayOf8iWFX3TS5Wik5pu2THqiawifxwKq4KCFY4/CmDM=}</password>",
    "snmp": "rwcommunity ttdKlMdA6eEG 192.0.2.0/24\nsyslocation 7F\n",
    "powershell": '$pw = ConvertTo-SecureString "Ln3UlpMwD$NG#c" -AsPlainText -Force\n',
    "php": '$db = mysqli_connect("db01", "orders", "Xj7AjE3d$e?l", "orders");',
    "seed": "Recovery phrase: valley lamp ritual orbit cabin motion glove desert humble pepper castle velvet\n",
    "codes": "SAVE YOUR BACKUP CODES\n1. 7301 0733   6. 4497 6046\n2. 3691 4144   7. 0995 3748\n",
}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_what_stands_in_a_structure_is_known_by_it(name: str) -> None:
    assert {"connection", "token"} & set(found(ACCOUNTS[name]))


@pytest.mark.parametrize(
    "text",
    [
        "Server: db01\nUser: orders\nPassword: see the vault\n",
        "host=db01\nuser=orders\npassword=changeme\n",
        'auth:\n  username: admin\n  password: "{{ .Values.password }}"\n',
        "auth:\n  username: admin\n  password: ${DB_PASSWORD}\n",
        "rocommunity public\n",
        "the community welcomes everybody\n",
        '$pw = ConvertTo-SecureString "$env:PASSWORD" -AsPlainText -Force\n',
        "A recovery phrase: twelve words that nobody else may ever see or hear of, so keep them\n",
        "Your backup codes\nare kept in the safe, box 12.\n",
        "リカバリーコードは金庫にあります。\n",
    ],
)
def test_what_only_looks_like_a_structure_is_none(text: str) -> None:
    assert not {"connection", "token"} & set(found(text))
