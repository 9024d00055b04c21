import os
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from updates.demo.example_site import ExampleSite
from updates.embedding import may_embed
from updates.management.lookup import find_event


class Command(BaseCommand):
    help = "Serve a page of another site that embeds a live blog in each form, see docs/embedding.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", help="address of the live blog, such as storm-maren")
        parser.add_argument(
            "--live",
            default=f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}",
            help="where the live blog is served",
        )
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *, event: str, live: str, port: int, **_options: object) -> None:
        sites = find_event(event).embed_sites
        with ExampleSite(live.rstrip("/"), event, port) as site:
            if not may_embed(sites, site.address):
                self.stderr.write(f"Add {site.address} at the desk, under “Embedding”; until then it is refused.")
            self.stdout.write(f"{site.address}/ shows “{event}”. End it with Ctrl+C.")
            site.serve_forever()
