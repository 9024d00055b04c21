import asyncio
from argparse import ArgumentParser
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from updates.live.relay.relay import run_relay
from updates.management.commands.serve import check_port
from updates.management.sqlite_file import hold_serving_lock


class Command(BaseCommand):
    help = (
        "Post the frames of all live blogs to nginx with nchan (deploy/nginx-nchan.conf), which sends them to the "
        "readers. Runs until SIGTERM. Several may run at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            action="append",
            required=True,
            metavar="URL",
            help="where an nginx takes frames, such as http://10.0.0.5:8090; repeat it for each machine",
        )

        parser.add_argument(
            "--metrics-port", type=int, metavar="PORT", help="respond to /metrics on this port, as server processes do"
        )
        parser.add_argument(
            "--metrics-host", default="127.0.0.1", metavar="HOST", help="address for it (default: this machine only)"
        )

    def handle(self, *, to: list[str], metrics_host: str, metrics_port: int | None, **options: object) -> None:
        addresses = list(dict.fromkeys(to))
        for address in addresses:
            check_address(address)
        if not settings.RELAY_TOKEN:
            raise CommandError("Set RELAY_TOKEN to the secret that deploy/nginx-nchan.conf names.")
        measurements = None if metrics_port is None else (metrics_host, metrics_port)
        if measurements is not None:
            check_port(*measurements, "--metrics-port ")
        with hold_serving_lock():  # a restore must not find it at work
            asyncio.run(run_relay(addresses, settings.RELAY_TOKEN, lambda: self.report(addresses), measurements))

    def report(self, addresses: list[str]) -> None:
        self.stdout.write(f"Relaying to {', '.join(addresses)} – Ctrl-C ends it.")
        self.stdout.flush()


def check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_base = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)
        is_base = is_base and parts.port != 0
    except ValueError:  # brackets or a port that are none
        is_base = False
    if not is_base:
        raise CommandError(f"--to {address}: give an address such as http://10.0.0.5:8090.")
