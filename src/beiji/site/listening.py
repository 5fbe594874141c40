"""Where the server listens: asked before anything is made, so that a refused start leaves no data folder behind."""

from __future__ import annotations

import errno
import socket

from beiji.output import CommandError


def refuse_unless_free(host: str, port: int) -> None:
    """Refuse at once where nobody could listen; a server that dies later would leave the reader with a dead page."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (socket.gaierror, UnicodeError):
        raise CommandError(
            f'"{host}" is no address; write it without scheme and port: 127.0.0.1 for this machine only, 0.0.0.0 for its network.'
        ) from None
    except PermissionError:
        raise CommandError(
            f"port {port} may be used by an administrator only; choose one from 1024 up, for example --port 8000."
        ) from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CommandError(
                f"nobody can listen at {host} ({error.strerror}); give an address of this machine, for example 127.0.0.1."
            ) from None
        other = port + 1 if port < 65535 else 8000
        raise CommandError(
            f"port {port} is taken, perhaps by a Beiji that already runs; stop that one or choose another with --port {other}."
        ) from None


def url_of(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    name = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{name}:{port}/"
