"""The one way by which this program speaks to an address outside: a small JSON by HTTPS, to a name that is allowed.

Nothing is followed: not a redirect, and not a name that leads to an address inside the network, unless the installation allows
it. The address is looked up once and that one is spoken to, so that no second look-up can lead elsewhere.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

#: Seconds for the whole conversation, and bytes of an answer that are read. *Assumptions.*
LONGEST_S = 10.0
LARGEST_ANSWER = 16_384


class NotSent(Exception):
    """It was not sent, or not taken. `code` and `what` say why (`site.messages_page` has the words); `may_try_again`: later it
    may be taken."""

    def __init__(self, code: str, what: str = "", *, may_try_again: bool = False) -> None:
        super().__init__(f"{code} {what}".strip())
        self.code, self.what, self.may_try_again = code, what, may_try_again


class _Pinned(http.client.HTTPSConnection):
    """A connection to an address that was looked at, under the name that its certificate must bear."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=LONGEST_S, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), LONGEST_S)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def address_of(host: str, port: int, *, inside: bool) -> str:
    """The address of a host. Raises NotSent when there is none, or one that is inside the network and may not be."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("unknown-host", host, may_try_again=True) from None
    addresses = [str(row[4][0]) for row in found]
    if not inside and not all(ipaddress.ip_address(address.partition("%")[0]).is_global for address in addresses):
        raise NotSent("inside", host)
    return addresses[0]


def post(
    url: str, body: Mapping[str, Any], *, hosts: Collection[str], inside: bool, headers: Mapping[str, str],
    context: ssl.SSLContext | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """Send a JSON and answer what came back, if it was a JSON object. Raises NotSent for everything but a success."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    if parts.scheme != "https" or host not in hosts:
        raise NotSent("not-allowed", host)
    until = time.monotonic() + LONGEST_S
    line = _Pinned(host, port, address_of(host, port, inside=inside), context or ssl.create_default_context())
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        line.request("POST", target, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = line.getresponse()
        text = _read(answer, until)
    except TimeoutError:
        raise NotSent("no-answer", host, may_try_again=True) from None
    except ssl.SSLError:
        raise NotSent("no-trust", host, may_try_again=True) from None
    except (OSError, http.client.HTTPException):
        raise NotSent("no-line", host, may_try_again=True) from None
    finally:
        line.close()
    if not 200 <= answer.status < 300:
        again = answer.status >= 500 or answer.status in (408, 429)
        raise NotSent("redirect" if 300 <= answer.status < 400 else "answer", str(answer.status), may_try_again=again)
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    """The first bytes of an answer, within the time: who sends a byte now and then is not waited for."""
    text = b""
    while len(text) < LARGEST_ANSWER:
        if time.monotonic() > until:
            raise TimeoutError
        part = answer.read1(LARGEST_ANSWER - len(text))
        if not part:
            break
        text += part
    return text
