import socket
from argparse import SUPPRESS, ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from liveblog.process_group import listen, serve_group
from updates.management.sqlite_file import hold_serving_lock
from updates.management.start_checks import check_database, check_folders, raise_file_limit


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
        parser.add_argument(
            "--processes",
            type=int,
            default=1,
            metavar="N",
            help="server processes that share the address, watched by this one; SIGHUP replaces them one by one",
        )
        parser.add_argument(
            "--own-ports",
            type=int,
            metavar="FIRST",
            help="with --processes: each process also listens on a port of its own, FIRST and following, for /readyz",
        )
        parser.add_argument("--line", type=int, help=SUPPRESS)
        parser.add_argument("--own-fd", type=int, help=SUPPRESS)

    def handle(
        self,
        *,
        host: str,
        port: int,
        fd: int | None,
        processes: int,
        own_ports: int | None,
        own_fd: int | None,
        line: int | None,
        **options: object,
    ) -> None:
        check_database()
        check_folders()
        if warning := raise_file_limit():
            self.stderr.write(warning)
        if processes < 1 or (processes > 1 and fd is not None):
            raise CommandError("--processes must be 1 or more, and cannot be combined with --fd.")
        if fd is None:
            check_port(host, port)
        if processes > 1:
            self._serve_group(host, port, processes, own_ports)
        else:
            self._serve(host, port, fd, own_fd, line)

    def _serve_group(self, host: str, port: int, processes: int, own_ports: int | None) -> None:
        first = listen(host, port)
        port = first.getsockname()[1]
        listeners = [first, *(listen(host, port) for _ in range(processes - 1))]
        own_numbers = [] if own_ports is None else range(own_ports, own_ports + processes)
        for number in own_numbers:  # which those above may have, too
            check_port(host, number, "--own-ports ")
        own = [listen(host, number) for number in own_numbers]
        self._report([(host, port)])
        serve_group(listeners, own)

    def _serve(self, host: str, port: int, fd: int | None, own_fd: int | None, line: int | None) -> None:
        # Importing the server installs Twisted's reactor, which no other command should get
        from channels.routing import get_default_application  # noqa: PLC0415

        from liveblog.server import LiveServer, endpoint, inherited_endpoint  # noqa: PLC0415

        with hold_serving_lock():
            places = [endpoint(host, port) if fd is None else inherited_endpoint(fd)]
            if own_fd is not None:
                places.append(inherited_endpoint(own_fd))
            server = LiveServer(get_default_application(), endpoints=places)
            server.line = None if line is None else socket.socket(fileno=line)
            if line is None:
                server.ready_callable = lambda: self._report(server.listening_addresses)
            server.run()

    def _report(self, addresses: list[tuple[str, int]]) -> None:
        for host, port in addresses:
            place = f"{f'[{host}]' if ':' in host else host}:{port}{settings.URL_PREFIX}/"
            self.stdout.write(f"Serving on http://{place} – Ctrl-C ends it.")
        self.stdout.flush()


def check_port(host: str, port: int, option: str = "PORT=") -> None:
    """Raise ``CommandError`` for a port that cannot be used: Daphne would only log it. ``option`` sets it."""
    if not 0 <= port <= 65535:
        raise CommandError(f"{option}{port}: a port is a number from 1 to 65535, or 0 for any that is free.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with {option}8001."
            ) from None
