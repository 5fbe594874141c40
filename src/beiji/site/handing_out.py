"""The short page from which a tablet fetches the authority of `beiji serve --tls`, over plain HTTP at the next port.

It gives out one certificate and says how to check it; it knows nothing of the city and reads no database.
"""

from __future__ import annotations

import io
import re
import socket
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import segno

from . import parent

HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\]")
_STEPS = {
    "zh-Hans": (
        "用平板电脑扫描二维码打开本页，或直接输入网址。",
        "下载证书并安装。iPad：设置 → 通用 → VPN与设备管理 → 安装，再到 关于本机 → 证书信任设置 中启用。Android：设置 → 安全 → 安装证书 → CA 证书。",
        "安装前核对指纹与服务器屏幕上显示的一致，然后打开备急。",
        "证书",
        "打开备急",
        "指纹 (SHA-256)",
    ),
    "en": (
        "Scan the code with the tablet to open this page there, or type its address.",
        "Download the certificate and install it. iPad: Settings → General → VPN & Device Management → Install, then About → "
        "Certificate Trust Settings → on. Android: Settings → Security → Install a certificate → CA certificate.",
        "Before you install it compare the fingerprint with the one on the server's screen; then open Beiji.",
        "Certificate",
        "Open Beiji",
        "Fingerprint (SHA-256)",
    ),
    "he": (
        "סרקו את הקוד בטאבלט כדי לפתוח בו את הדף, או הקלידו את כתובתו.",
        "הורידו את האישור והתקינו אותו. iPad: הגדרות ← כללי ← VPN וניהול מכשיר ← התקנה, ואחר כך אודות ← הגדרות אמון באישורים ← הפעלה. "
        "Android: הגדרות ← אבטחה ← התקנת אישור ← אישור CA.",
        "לפני ההתקנה השוו את טביעת האצבע לזו שעל מסך השרת; אחר כך פתחו את Beiji.",
        "אישור",
        "לפתוח את Beiji",
        "טביעת אצבע (SHA-256)",
    ),
}


def page(host: str, port: int, fingerprint: str) -> str:
    """The page for a tablet that came under some name; `port` is the server's own, this page stands one above."""
    here, there = f"http://{host}:{port + 1}/", f"https://{host}:{port}/"
    picture = io.BytesIO()
    segno.make(here, micro=False).save(picture, kind="svg", scale=6, xmldecl=False, nl=False)
    parts = []
    for language, (scan, install, compare, certificate, go, print_word) in _STEPS.items():
        direction = ' dir="rtl"' if language == "he" else ""
        parts.append(
            f'<section lang="{language}"{direction}><ol><li>{escape(scan)}</li><li>{escape(install)} '
            f'<a href="/authority.crt">{escape(certificate)}</a></li><li>{escape(compare)} '
            f'<a href="{escape(there)}">{escape(go)}</a></li></ol>'
            f'<p>{escape(print_word)}: <code dir="ltr">{" ".join(fingerprint.split(":"))}</code></p></section>'
        )
    return (
        '<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8"><title>备急 Beiji</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><h1>备急 <span lang="en">Beiji</span></h1>'
        f'{picture.getvalue().decode()}<p><bdi dir="ltr">{escape(here)}</bdi></p>{"<hr>".join(parts)}</body></html>'
    )


def hand_out(listening: socket.socket, authority: str, fingerprint: str, port: int) -> None:
    """Answer tablets until the parent ends."""
    parent.end_with_it()
    content = Path(authority).read_bytes()

    class Answers(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").rsplit(f":{port + 1}", 1)[0]
            if self.path == "/authority.crt":
                self._answer(content, "application/x-x509-ca-cert")
            elif self.path == "/" and HOST.fullmatch(host):
                self._answer(page(host, port, fingerprint).encode(), "text/html; charset=utf-8")
            else:
                self.send_error(404)

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing of it is kept."""

    server = ThreadingHTTPServer(("", 0), Answers, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_activate()
    server.serve_forever()
