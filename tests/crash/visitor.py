"""A person in front of the console, as far as crash tests need one: log in, and press a button on a mail's page."""

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.crash.harness import Gateway
from tests.services.node import PASSWORD


class Visitor:
    """Cookies outlive the gateway's process, as in a browser."""

    def __init__(self, login: str) -> None:
        self.login = login
        self._cookies: dict[str, str] = {}
        self._token = ""

    def enter(self, gateway: Gateway) -> None:
        """Log in, unless the session of before still counts."""
        if self._token:
            return
        self._ask(gateway, "GET", "/login")
        fields = {"login": self.login, "password": PASSWORD, "token": self._cookies["sekisho-form"]}
        assert self._ask(gateway, "POST", "/login", fields)[0] == 303
        found = re.search(r'name="token" value="([^"]+)"', self._ask(gateway, "GET", "/mail")[1])
        assert found
        self._token = found[1]

    def press(self, gateway: Gateway, item: str, button: str, **fields: str) -> str:
        """What the console says came of it: "did_recall", "late" …, or "" when nothing was heard."""
        try:
            status, note = self._ask(
                gateway, "POST", f"/mail/{item}/{button}", {"token": self._token, **fields}
            )
        except (OSError, http.client.HTTPException):
            return ""
        return note if status == 303 else ""

    def _ask(
        self, gateway: Gateway, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Status, and the note that a redirection carries or else the page."""
        connection = http.client.HTTPConnection(*gateway.addresses["console"], timeout=60)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
            if fields is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, urlencode(fields or {}) if fields else None, headers)
            response = connection.getresponse()
            page = response.read().decode()
            set_now: SimpleCookie = SimpleCookie()
            for value in response.headers.get_all("set-cookie") or []:
                set_now.load(value)
        finally:
            connection.close()
        note = set_now.pop("sekisho-note", None)
        self._cookies |= {name: morsel.value for name, morsel in set_now.items()}
        return response.status, note.value if note is not None and response.status == 303 else page
