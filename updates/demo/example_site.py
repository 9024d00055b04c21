"""A page of another site that embeds a live blog in each form; ``manage.py example_site`` serves it."""

from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

PAGE: Final = Template(Path(__file__).with_name("example_site.html").read_text(encoding="utf-8"))

TIMEOUT: Final = 10
"""Seconds that the page waits for the live blog."""


class ExampleSite(ThreadingHTTPServer):
    """Serves the page on this machine. It gets the HTML from the live blog's server, as a CMS does."""

    daemon_threads = True

    def __init__(self, live: str, slug: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.live, self.slug = live, slug
        self.headers: dict[str, str] = {}
        """Further headers of the page, such as a policy."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def page(self, here: str) -> str:
        return PAGE.substitute(
            live=escape(self.live),
            slug=escape(self.slug),
            page=f"{escape(self.live)}/{escape(self.slug)}",
            here=escape(here),
            updates=self._fragment("?limit=5"),
            latest=self._fragment("?view=latest"),
        )

    def _fragment(self, query: str) -> str:
        """Return HTML of the live blog, or a sentence while it cannot be reached."""
        try:
            with urlopen(f"{self.live}/{self.slug}/fragment{query}", timeout=TIMEOUT) as answer:  # noqa: S310 – from the command line  # nosec
                return str(answer.read().decode())
        except (URLError, TimeoutError) as error:
            return f"<p>The live blog cannot be reached: {escape(str(error))}</p>"


class _Handler(BaseHTTPRequestHandler):
    server: ExampleSite

    def do_GET(self) -> None:
        if self.path != "/":
            self.send_error(404)
            return
        body = self.server.page(f"http://{self.headers.get('Host', '')}").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Do not log requests."""
