"""A CDN's purge address, as a process of its own: it records every call before it answers."""

import json

from tests.recorder import Recorder


class Purge(Recorder):
    def arrived(self, body):
        self.record(path=self.path, headers=dict(self.headers), body=json.loads(body))


if __name__ == "__main__":
    Purge.serve()
