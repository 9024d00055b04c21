"""A stranger's site, as a process of its own: the path says how it answers."""

import time
from contextlib import suppress
from gzip import compress
from io import BytesIO

from PIL import Image

from tests.recorder import Recorder

HEAD = '<meta charset="utf-8"><meta property="og:title" content="Gate holds – {}">'


def jpeg():
    file = BytesIO()
    Image.new("RGB", (1200, 630), (60, 90, 110)).save(file, "JPEG")
    return file.getvalue()


class LinkSite(Recorder):
    def do_GET(self):  # noqa: N802 – http.server looks for this name
        self.record(path=self.path, headers=dict(self.headers))
        path, _mark, target = self.path.partition("?")
        answers = {
            "/article": lambda: self.page("article", "/quay.jpg"),
            "/pictured": lambda: self.page("pictured", target),
            "/quay.jpg": lambda: self.answer("image/jpeg", jpeg()),
            "/false.jpg": lambda: self.answer("image/jpeg", b"\xff\xd8 no picture"),
            "/huge.jpg": lambda: self.without_end("image/jpeg", b"\xff\xd8"),
            "/huge": lambda: self.without_end("text/html", HEAD.format("huge").encode()),
            "/slow": lambda: self.without_end("text/html", HEAD.format("slow").encode(), pause=30),
            "/packed": lambda: self.answer(
                "text/html", compress(HEAD.format("packed").encode()), ("Content-Encoding", "gzip")
            ),
            "/text": lambda: self.answer("text/plain", HEAD.format("text").encode()),
            "/garbage": lambda: self.wfile.write(b"\x00\xff" * 500 + b"\r\n\r\n"),
            "/away": lambda: self.answer("text/html", b"", ("Location", target), status=302),
            "/round": lambda: self.answer("text/html", b"", ("Location", "/round"), status=301),
        }
        answers.get(path, lambda: self.answer("text/html", HEAD.format("none").encode(), status=404))()

    def page(self, name, picture):
        html = HEAD.format(name) + f'<meta property="og:image" content="{picture}">'
        self.answer("text/html; charset=utf-8", html.encode())

    def answer(self, kind, body, *headers, status=200):
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", len(body)), *headers):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def without_end(self, kind, start, pause=0.0):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        with suppress(OSError):  # until the caller has enough
            self.wfile.write(start)
            while True:
                self.wfile.write(b"more " * 20_000)
                time.sleep(pause)  # the load: a server that sends too much, or nothing more


if __name__ == "__main__":
    LinkSite.serve()
