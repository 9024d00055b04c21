"""``manage.py fetch_site_parts``: fetches the site's header and footer for the next start of the server."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from updates.site_parts import UnusablePart, store_part, stored_part


class Command(BaseCommand):
    help = (
        "Fetch the header and footer of SITE_HEADER_URL and SITE_FOOTER_URL. If one cannot be used, the last one stays."
    )

    def handle(self, **_options: object) -> None:
        for name, address in (("header", settings.SITE_HEADER_URL), ("footer", settings.SITE_FOOTER_URL)):
            if address:
                self._fetch(name, address)

    def _fetch(self, name: str, address: str) -> None:
        try:
            notes = store_part(name, address)
        except UnusablePart as reason:
            problem = f"The {name} of {address} cannot be used: {reason}"
            if not stored_part(name):
                raise CommandError(f"{problem} There is no earlier one.") from None
            self.stderr.write(f"{problem} The last one stays.")
            return
        self.stdout.write(f"The {name} is stored; servers that start from now on show it.")
        for note in notes:
            self.stdout.write(f"  In the {name}: {note}.")
