import socket
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from updates.management.sqlite_file import hold_serving_lock
from updates.management.start_checks import check_database, raise_file_limit

if TYPE_CHECKING:
    from liveblog.server import LiveServer


class Command(BaseCommand):
    help = "Serve the live blog with Daphne: pages, sockets and background work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument(
            "--port",
            type=int,
            default=getattr(settings, "PORT", 8000),
            help="default: PORT, else 8000; with 0 the system chooses a free port, which the first line names",
        )
        parser.add_argument(
            "--fd", type=int, metavar="NUMBER", help="serve on this inherited listening socket, as systemd passes it"
        )

    def handle(self, *, host: str, port: int, fd: int | None, **options: object) -> None:
        check_database()
        if warning := raise_file_limit():
            self.stderr.write(warning)
        # Importing the server installs Twisted's reactor, which no other command should get
        from channels.routing import get_default_application  # noqa: PLC0415

        from liveblog.server import LiveServer, endpoint, inherited_endpoint  # noqa: PLC0415

        serving = hold_serving_lock()
        if fd is not None:
            place = inherited_endpoint(fd)
        else:
            check_port(host, port)
            place = endpoint(host, port)
        server = LiveServer(get_default_application(), endpoints=[place])
        server.ready_callable = lambda: self.report(server)
        server.run()
        serving.close()

    def report(self, server: "LiveServer") -> None:
        for host, port in server.listening_addresses:
            place = f"{f'[{host}]' if ':' in host else host}:{port}{settings.URL_PREFIX}/"
            self.stdout.write(f"Serving on http://{place} – Ctrl-C ends it.")
        self.stdout.flush()


def check_port(host: str, port: int) -> None:
    """Raise ``CommandError`` for a port that cannot be used: Daphne would only log it."""
    if not 0 <= port <= 65535:
        raise CommandError(f"PORT={port}: a port is a number from 1 to 65535, or 0 for any that is free.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with PORT=8001."
            ) from None
