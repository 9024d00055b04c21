"""The writer of a desk's socket: what it does while the desk takes nothing, and after it has gone."""

import pytest

from liveblog.websocket_writer import WebSocketWriter


class Protocol:
    """Stands for Daphne's protocol, and for its transport."""

    STATE_OPEN = 3

    def __init__(self):
        self.transport = self
        self.state = self.STATE_OPEN
        self.written, self.pongs = [], []

    def unregisterProducer(self):  # noqa: N802 – Twisted's name, as the others
        self.producer = None

    def registerProducer(self, producer, streaming):  # noqa: N802
        self.producer = producer if streaming else None

    def onFrameBegin(self):  # noqa: N802
        pass

    def write(self, data):
        self.written.append(data)

    def sendPong(self, payload):  # noqa: N802
        self.pongs.append(payload)


@pytest.fixture
def protocol():
    return Protocol()


@pytest.fixture
def writer(protocol):
    return WebSocketWriter(protocol)


def test_pings_are_answered_only_while_the_desk_takes_something(protocol, writer):
    protocol.onPing(b"one")
    protocol.producer.pauseProducing()
    protocol.onPing(b"two")
    protocol.producer.resumeProducing()
    protocol.onPing(b"three")
    protocol.state = 0
    protocol.onPing(b"four")
    assert protocol.pongs == [b"one", b"three"]


def test_frames_for_a_closed_socket_are_dropped(protocol, writer):
    writer.send("one")
    protocol.state = 0
    writer.send("two")
    assert protocol.written == [b"\x81\x03one"]


def test_whoever_waits_for_room_hears_of_it_until_the_socket_stops(protocol, writer):
    heard = []
    protocol.producer.pauseProducing()
    protocol.producer.resumeProducing()  # nobody waits yet
    writer.when_writable(lambda: heard.append(writer.is_writable))
    protocol.producer.pauseProducing()
    assert not writer.is_writable
    protocol.producer.resumeProducing()
    protocol.producer.stopProducing()
    assert (heard, writer.is_writable) == ([True], False)
