import pytest

from mail.parameters import parameters


@pytest.mark.parametrize(
    ("value", "name", "readings"),
    [
        (b'text/plain; charset="utf-8"', "charset", ["utf-8"]),
        (b"text/plain; Charset = utf-8 (comment)", "charset", ["utf-8", "utf-8 (comment)"]),
        (rb'a; n="a\"b\\c"', "n", ['a"b\\c', r"a\"b\\c"]),
        (b"a; filename*=UTF-8'ja'%E8%A1%A8", "filename", ["表"]),
        (b"a; filename*=%E8%A1%A8", "filename", ["表"]),
        (b"a; filename*=iso-2022-jp''%1B%24B%49%3D%1B%28B", "filename", ["表"]),
        (b"a; filename*0*=utf-8''%E8; filename*1*=%A1%A8; filename*2=.x", "filename", ["表.x"]),
        (b"a; filename*1=b; filename*0=a", "filename", ["ab", "ba"]),
        (b"a; filename*0=a.exe; filename*2=.txt", "filename", ["a.exe", "a.exe.txt"]),
        (b"a; filename=a.txt; filename*=utf-8''b.exe", "filename", ["b.exe", "a.txt"]),
        (b'a; filename="a.txt"; filename="b.exe"', "filename", ["a.txt", "b.exe"]),
        (b"a; filename=my file.exe; x=y", "filename", ["my file.exe", "my"]),
        (b"a; filename='q.exe'", "filename", ["'q.exe'", "q.exe"]),
        (b'a; filename="open.exe; x=y', "filename", ["open.exe; x=y", "open.exe"]),
        (b'a; filename="=?utf-8?b?6KGo?="', "filename", ["表"]),
        (b"a; filename*=utf-8'en-US'x", "filename", ["x"]),
        (b"a; (c) filename=x", "filename", ["x"]),
        (b"a;filename=x;", "filename", ["x"]),
        ('a; filename="表;ソ"; x=1'.encode("cp932"), "filename", ["表;ソ"]),
    ],
)
def test_readings_best_first(value, name, readings):
    found = parameters(value)
    assert found.readings(name) == readings
    assert found.values[name] == readings[0]


@pytest.mark.parametrize(
    ("value", "name", "oddity"),
    [
        (b"a; b=1; b=2", "b", "duplicate"),
        (b"a; b*=''1; b*=''2", "b", "duplicate"),
        (b"a; b=1; b*=''2", "b", "conflict"),
        (b"a; b*0=1; b*2=2", "b", "gap"),
        (b"a; b*0=1; b*1=2", "b", "continued"),
        (b"a; b=x y", "b", "unquoted"),
        (b'a; b="x', "b", "unclosed"),
        (b"a; b==?utf-8?q?x?=", "b", "encoded-word"),
    ],
)
def test_oddities(value, name, oddity):
    assert oddity in parameters(value).oddities[name]


def test_usual_parameters_are_not_odd():
    assert parameters(b'multipart/mixed; boundary="a b"; type=text/html').oddities == {}


@pytest.mark.parametrize(
    "value",
    [
        b"a" + b';b="' * 8000,
        b"a" + b"; (" * 8000,
        b"a; b*" * 6000,
        b";" * 32000,
        b'a; b="' + b'\\"' * 16000,
        b"a; b*0" + b"*0" * 10000 + b"=x",
    ],
)
def test_hostile_values_are_read_in_one_pass(value):
    parameters(value)


def test_too_many():
    assert parameters(b"a" + b"; b=c" * 101).too_many
    assert not parameters(b"a" + b"; b=c" * 100).too_many
