"""docs/howto/web-server.md and network.md: nginx and Caddy in front of the console as they stand there, and what else is to be
copied from there.

People log in through each with TLS; cookies, forms and the client's address are right, whatever a client claims.
"""

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dns.zone
import httpx2
import pytest
from structlog.testing import capture_logs

from gateway.locked import sandbox
from tests.house.rooms import ROOT
from tests.services.certificates import Authority
from tests.services.node import PASSWORD, site
from tests.services.postgres import free_port, unavailable
from tests.services.programs import required, running

WEB = (ROOT / "docs/howto/web-server.md").read_text("utf-8")
NETWORK = (ROOT / "docs/howto/network.md").read_text("utf-8")


def accepts(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def block(text: str, kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n([\s\S]*?)^```$", text, re.M)
    return found


def moved(text: str, folder: Path, port: int, console: int) -> str:
    """A configuration with the test's places in it."""
    text = text.replace("/etc/ssl/sekisho", str(folder)).replace("127.0.0.1:8025", f"127.0.0.1:{console}")
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    return text.replace("sekisho.example.jp {", f"https://localhost:{port} {{").replace(
        "sekisho.example.jp", "localhost"
    )


@contextmanager
def nginx(folder: Path, port: int, console: int) -> Iterator[None]:
    required("nginx")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\n"
        f"http {{ access_log off;\n{temporary}{moved(block(WEB, 'nginx'), folder, port, console)}}}\n"
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with running(command, folder / "nginx.log", lambda: accepts(port)):
        yield


@contextmanager
def caddy(folder: Path, port: int, console: int) -> Iterator[None]:
    required("caddy")
    text = moved(block(WEB, "caddy"), folder, port, console)
    (folder / "Caddyfile").write_text(
        f"{{\n admin off\n auto_https disable_redirects\n storage file_system {folder}/caddy\n}}\n{text}"
    )
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with running(command, folder / "caddy.log", lambda: accepts(port)):
        yield


def logged_in(port: int, authority: Authority) -> dict[str, object]:
    """What a person at a browser on another address sees, who claims to be somebody else."""
    trusting = ssl.create_default_context(cafile=str(authority.file))
    transport = httpx2.HTTPTransport(verify=trusting, local_address="127.0.0.2")
    base = f"https://localhost:{port}"
    with httpx2.Client(base_url=base, transport=transport, timeout=30) as client:
        page = client.get("/login", headers={"X-Forwarded-For": "203.0.113.9"}).text
        (token,) = re.findall(r'name="token" value="([^"]+)"', page)[:1]
        form = {"token": token, "login": "taro", "password": PASSWORD, "next": "/mail"}
        foreign = client.post("/login", data=form, headers={"Origin": "https://evil.example"})
        answer = client.post(
            "/login", data=form, headers={"Origin": base, "X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
        )  # fmt: skip
        return {
            "foreign": foreign.status_code,
            "status": answer.status_code,
            "to": answer.headers.get("location", "").removeprefix(base),
            "cookies": answer.headers.get_list("set-cookie"),
            "inside": client.get("/mail").status_code,
        }


@pytest.mark.system
@pytest.mark.skipif("seccomp" not in sandbox.walls(), reason="no system call filters in this kernel")
async def test_people_log_in_through_both_and_are_who_they_are(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    for new, name in zip(authority.pair("localhost"), ("cert.pem", "key.pem"), strict=True):
        shutil.copy(new, tmp_path / name)
    section = {"port": 0, "base_url": "https://sekisho.example.jp", "trusted_proxies": ["127.0.0.1/32"]}
    async with site(tmp_path, console=section) as here:
        _, console = here.node.addresses["console"]
        with ExitStack() as stack:
            for server in (nginx, caddy):
                port = free_port()
                await asyncio.to_thread(stack.enter_context, server(tmp_path, port, console))
                with capture_logs() as lines:
                    seen = await asyncio.to_thread(logged_in, port, authority)
                assert (seen["foreign"], seen["status"], seen["inside"]) == (403, 303, 200), (server, seen)
                cookies = seen["cookies"]
                assert isinstance(cookies, list)
                assert cookies
                assert all(c.startswith("__Host-sekisho-") and "secure" in c.lower() for c in cookies), (
                    cookies
                )
                peers = [line["peer"] for line in lines if line["event"] == "login" and line.get("door")]
                assert peers == ["127.0.0.2"], (server, peers)


def test_the_firewall_is_one(tmp_path: Path) -> None:
    if shutil.which("nft") is None:
        unavailable("nft is not installed (see tests/system-packages.txt)")
    (tmp_path / "rules").write_text(block(NETWORK, "nft"))
    done = subprocess.run(
        ["nft", "--check", "-f", tmp_path / "rules"], capture_output=True, text=True, check=False
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip("rules can only be checked by somebody who may change them")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_zone_is_one() -> None:
    zone = dns.zone.from_text(
        block(NETWORK, "zone"), origin="example.jp.", relativize=False, check_origin=False
    )
    kinds = sorted(dns.rdatatype.to_text(r.rdtype) for _, r in zone.iterate_rdatasets())
    assert kinds == ["A", "MX", "TXT", "TXT", "TXT"]
