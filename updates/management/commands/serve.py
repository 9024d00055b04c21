import os
import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Serve the live blog with Daphne: pages, sockets and the work that runs beside them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument(
            "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="default: PORT, else 8000"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Importing the server installs Twisted's reactor, which no other command should get
        from liveblog.asgi import application  # noqa: PLC0415
        from liveblog.server import LiveServer, endpoint  # noqa: PLC0415

        host, port = options["host"], options["port"]
        if not 1 <= port <= 65535:
            raise CommandError(f"PORT={port}: a port is a number from 1 to 65535.")
        check_port_is_free(host, port)
        self.stdout.write(f"Serving on http://{host}:{port}/ – Ctrl-C ends it.")
        self.stdout.flush()
        LiveServer(application, endpoints=[endpoint(host, port)]).run()


def check_port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with PORT=8001."
            ) from None
