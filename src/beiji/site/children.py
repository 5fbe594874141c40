"""What the children of `beiji serve` run. Each begins in a fresh interpreter."""

from __future__ import annotations

import os
import socket


def web(listening: socket.socket, proxies: list[str], key: str | None = None, certificate: str | None = None) -> None:
    """Answer browsers on the socket of the parent; over TLS where key and certificate are named."""
    import uvicorn

    config = uvicorn.Config(
        "beiji.site.asgi:application",
        http="beiji.site.protocol:BoundedProtocol",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        log_level="warning",
        timeout_graceful_shutdown=3,
        access_log=False,
        ssl_keyfile=key,
        ssl_certfile=certificate,
    )
    config.load()
    from .push import push  # noqa: PLC0415 - needs Django set up

    server = uvicorn.Server(config)
    push.is_ending = lambda: server.should_exit
    server.run(sockets=[listening])


def hand_out(listening: socket.socket, authority: str, fingerprint: str, port: int) -> None:
    """Give the authority of `--tls` to tablets."""
    from . import handing_out  # noqa: PLC0415 - only commands that need certificates load what makes them

    handing_out.hand_out(listening, authority, fingerprint, port)


def work() -> None:
    """Do what is waiting in the background."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    import django  # noqa: PLC0415 - only commands that need the database wait for Django

    django.setup()
    from . import worker  # noqa: PLC0415 - needs Django set up

    worker.main()


def engine() -> None:
    """Answer questions of a second; without the database, but with the log and the data folder of the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    from django.conf import settings  # noqa: PLC0415 - needs Django set up
    from django.utils.log import configure_logging  # noqa: PLC0415 - needs Django set up

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    from . import engine_lane  # noqa: PLC0415 - needs Django set up

    engine_lane.main(settings.DATA)
