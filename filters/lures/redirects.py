"""Open redirects: pages of well-known hosts that forward the visitor to any address given in their own.

Judging only the host of such a link means judging the wrong one: `sent_on` gives the final address.
"""

import base64
import binascii
import re
from urllib.parse import unquote

_SENDS_ON = re.compile(
    r"(?i)https?://(?:[a-z0-9-]{1,60}\.)*?(?:"
    r"google\.[a-z.]{2,6}/(?P<amp>amp/(?:s/)?)|cdn\.ampproject\.org/(?P<cdn>[vci]/(?:s/)?)|"
    r"google\.[a-z.]{2,6}/(?:url|local_url|maps/url|travel/clk|pagead/aclk|aclk)|(?P<bing>bing\.com/ck/a)|"
    r"youtube\.com/redirect|(?:l|lm)\.(?:facebook|instagram)\.com/|linkedin\.com/(?:redir|authwall|safety/go)|"
    r"doubleclick\.net/|googleadservices\.com/|translate\.google\.[a-z.]{2,6}/|t\.umblr\.com/redirect|"
    r"steamcommunity\.com/linkfilter|vk\.com/away|slack-redir\.net/link|safelinks\.protection\.outlook\.com/|"
    r"(?P<v2>urldefense\.proofpoint\.com/v2/)|(?P<v3>urldefense\.(?:com|us)/v3/__))"
)
_NAMES = re.compile(
    r"google|ampproject|bing\.|youtube|facebook|instagram|linkedin|doubleclick|umblr|steamc|vk\.com|slack-r|safelinks|urldefense"
)
"""One of these is in the host of every such address: most links are ruled out without the pattern."""
_CARRIED = re.compile(
    r"(?i)[?&;](?:q|u|url|adurl|dest|destination|redirect|redirect_url|redir|to|z|target|session_redirect)=((?:https?|www\.)[^&#\s]{3,1500})"
)
_BEHIND = re.compile(r"(?i)[?&]u=a1([a-z0-9_-]{8,1500})")
_DEEPEST = 3
LONGEST = 4000
"""Characters read of an address."""


def sent_on(url: str) -> str:
    """The address that a redirecting page of the list would send the reader to, "" for any other link. Never raises."""
    if not may_send_on(url[:60].lower()):
        return ""
    meant, url = "", url[:LONGEST]
    for _ in range(_DEEPEST):
        found = _SENDS_ON.match(url)
        if not found or not (target := _target(url, found)):
            break
        meant = url = target
    return meant


def may_send_on(start: str) -> bool:
    """False for the beginning of an address, or its host, in lower case, for which `sent_on` knows nothing."""
    return _NAMES.search(start) is not None


def _target(url: str, found: re.Match[str]) -> str:
    rest = url[found.end() :]
    if found["amp"] or found["cdn"]:
        rest = re.sub(r"(?i)^https?:/+", "", unquote(rest))
        return f"https://{rest}" if "." in rest.partition("/")[0] else ""
    if found["bing"] and (coded := _BEHIND.search(url)):
        return _decoded(coded[1])
    if found["v3"]:
        return rest.partition("__")[0]
    carried = _CARRIED.search(url)
    if not carried:
        return ""
    target = carried[1].replace("-", "%").replace("_", "/") if found["v2"] else carried[1]
    return unquote(target)


def _decoded(text: str) -> str:
    try:
        url = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return url if url.lower().startswith(("http://", "https://")) else ""
