"""A receiver of webhooks, as a process of its own: the path of its address says how it answers."""

import time
from contextlib import suppress

from tests.recorder import Recorder


class Receiver(Recorder):
    def do_POST(self):  # noqa: N802 – http.server looks for this name
        match self.path:
            case "/endless":
                self._answer_without_end()
            case "/away":
                self.send_response(307)
                self.send_header("Location", "/redirected")
                self.end_headers()
            case "/forged":
                self.send_response(400)
                self.end_headers()
                self.wfile.write(b"no\n2031-03-13 12:00:00 ERROR updates: forged")
            case _:
                super().do_POST()

    def answering(self, body, status):
        self.record(path=self.path, status=status, headers=dict(self.headers), body=body.decode())

    def _answer_without_end(self):
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):  # until the caller has enough
            while True:
                self.wfile.write(b"more " * 1000)
                time.sleep(0.01)  # the load: 500 KB a second without end; this waits for nothing


if __name__ == "__main__":
    Receiver.serve()
