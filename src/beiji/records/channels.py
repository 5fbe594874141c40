"""By what people's phones are told: a file for trials, the robot of a WeCom or DingTalk group, mail. None holds more than a
title, a number and a link."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import smtplib
import ssl
import time
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings

from . import options, posting_out
from .posting_out import NotSent

#: What WeCom's and DingTalk's robots answer when too many messages came: later it may be taken.
BUSY = (45009, 130101, -1)


@dataclass(frozen=True)
class Note:
    """What is sent. `key`: the same whenever the same message is tried again; `to`: an account or address, or nobody."""

    key: str
    to: str
    title: str
    text: str
    link: str


def send(channel: str, note: Note) -> None:
    """Send by a channel. Raises NotSent."""
    {"file": _file, "webhook": _webhook, "mail": _mail}[channel](note)


def file_of_messages() -> Path:
    """Where the channel *file* writes."""
    return Path(settings.DATA) / "messages.jsonl"


def _file(note: Note) -> None:
    line = json.dumps(asdict(note), ensure_ascii=False) + "\n"
    try:
        handle = os.open(file_of_messages(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise NotSent("file", error.strerror or "", may_try_again=True) from None


def _webhook(note: Note) -> None:
    url = options.read("BEIJI_WEBHOOK_URL")
    if not url:
        raise NotSent("no-setting", "BEIJI_WEBHOOK_URL")
    said = posting_out.post(
        signed(url, options.read("BEIJI_WEBHOOK_SECRET"), int(time.time() * 1000)),
        body_of(note, urlsplit(url).hostname or ""),
        hosts=options.read("BEIJI_WEBHOOK_HOSTS"),
        inside=options.read("BEIJI_WEBHOOK_INSIDE"),
        headers={"Idempotency-Key": note.key},
    )
    code = said.get("errcode", 0)
    if code != 0:
        raise NotSent("refused", str(code)[:20], may_try_again=code in BUSY)


def body_of(note: Note, host: str) -> dict[str, Any]:
    """A text message in the shape of the group robots; whoever it is for is called by his account there."""
    text: dict[str, Any] = {"content": f"{note.title}\n{note.text}\n{note.link}"}
    named = [note.to] if note.to else []
    if host.endswith("dingtalk.com"):
        return {"msgtype": "text", "text": text, "at": {"atUserIds": named}}
    return {"msgtype": "text", "text": {**text, "mentioned_list": named}}


def signed(url: str, secret: str, now_ms: int) -> str:
    """The address with time and signature, as DingTalk's robots want it."""
    if not secret:
        return url
    digest = hmac.new(secret.encode(), f"{now_ms}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote_plus(base64.b64encode(digest))
    return f"{url}{'&' if '?' in url else '?'}timestamp={now_ms}&sign={sign}"


def _mail(note: Note) -> None:
    server, sender = options.read("BEIJI_MAIL_SERVER"), options.read("BEIJI_MAIL_FROM")
    if not server or not sender:
        raise NotSent("no-setting", "BEIJI_MAIL_SERVER" if not server else "BEIJI_MAIL_FROM")
    if not note.to:
        raise NotSent("no-address")
    host, _colon, port = server.rpartition(":")
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = note.title, sender, note.to
    letter["Message-ID"] = f"<{note.key}@beiji>"
    letter.set_content(f"{note.text}\n{note.link}\n")
    try:
        with _line(host or server, int(port) if host and port.isdecimal() else 587) as line:
            if user := options.read("BEIJI_MAIL_USER"):
                line.login(user, options.read("BEIJI_MAIL_PASSWORD"))
            line.send_message(letter)
    except smtplib.SMTPResponseException as error:
        raise NotSent("answer", str(error.smtp_code), may_try_again=400 <= error.smtp_code < 500) from None
    except smtplib.SMTPRecipientsRefused:
        raise NotSent("no-address") from None
    except (OSError, smtplib.SMTPException):
        raise NotSent("no-line", host, may_try_again=True) from None


def _line(host: str, port: int) -> smtplib.SMTP:
    """A line with TLS: from the start at 465, begun with STARTTLS elsewhere; never without."""
    context = ssl.create_default_context()
    if port == 465:
        return smtplib.SMTP_SSL(host, port, timeout=posting_out.LONGEST_S, context=context)
    line = smtplib.SMTP(host, port, timeout=posting_out.LONGEST_S)
    line.starttls(context=context)
    return line


def missing() -> list[str]:
    """Settings that the chosen channel needs and that are empty."""
    needed = {
        "off": (), "file": (), "webhook": ("BEIJI_WEBHOOK_URL", "BEIJI_LINK"),
        "mail": ("BEIJI_MAIL_SERVER", "BEIJI_MAIL_FROM", "BEIJI_LINK"),
    }  # fmt: skip
    return [name for name in needed[settings.MESSAGES] if not options.read(name)]
