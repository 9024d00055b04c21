"""A CDN's purge address, as a process of its own: it writes down every call, and answers as it is told.

``cdn.py FOLDER DESCRIPTOR``: it serves on an inherited listening socket. Calls go to ``FOLDER/calls``, a line of JSON
each. The status of the answer stands in ``FOLDER/status``, and while ``FOLDER/hold`` exists there is none.
"""

import json
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Purge(BaseHTTPRequestHandler):
    folder: Path

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call = {"path": self.path, "headers": dict(self.headers), "body": body}
        with (self.folder / "calls").open("a") as calls:
            calls.write(json.dumps(call) + "\n")
        while (self.folder / "hold").exists():
            time.sleep(0.01)  # between two looks whether the answer may go
        self.send_response(int((self.folder / "status").read_text()))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Purge.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Purge, bind_and_activate=False)
    server.socket = socket.socket(fileno=int(sys.argv[2]))
    server.serve_forever()
