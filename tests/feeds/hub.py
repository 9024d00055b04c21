"""A WebSub hub, as a process of its own: it takes pings, fetches the feed of each, and writes down what it got.

``hub.py FOLDER DESCRIPTOR``: it serves on an inherited listening socket. Pings go to ``FOLDER/pings``, a line of JSON
each, with the copy that was fetched. The status of the answer stands in ``FOLDER/status``, and while ``FOLDER/hold``
exists there is none.
"""

import json
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs
from urllib.request import urlopen


class Hub(BaseHTTPRequestHandler):
    folder: Path

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        while (self.folder / "hold").exists():
            time.sleep(0.01)  # between two looks whether the answer may go
        status = int((self.folder / "status").read_text())
        ping = {"at": time.time(), "status": status, "form": form, "type": self.headers["Content-Type"]}
        if status < 300:
            with urlopen(form["hub.url"][0], timeout=30) as feed:
                ping["copy"] = feed.read().decode()
        with (self.folder / "pings").open("a") as pings:
            pings.write(json.dumps(ping) + "\n")
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Hub.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub, bind_and_activate=False)
    server.socket = socket.socket(fileno=int(sys.argv[2]))
    server.serve_forever()
