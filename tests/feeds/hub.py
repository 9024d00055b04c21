"""A WebSub hub, as a process of its own: it takes pings, fetches the feed of each, and records the copy that it got."""

from urllib.parse import parse_qs
from urllib.request import urlopen

from tests.recorder import Recorder
from tests.servers import CEILING


class Hub(Recorder):
    def answering(self, body, status):
        form = parse_qs(body.decode())
        ping = {"form": form, "type": self.headers["Content-Type"]}
        if status < 300:
            with urlopen(form["hub.url"][0], timeout=CEILING) as feed:
                ping["copy"] = feed.read().decode()
        self.record(**ping)


if __name__ == "__main__":
    Hub.serve()
