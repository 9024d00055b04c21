"""What a relay keeps for an nginx that does not take it: bounded, in order, and without removed texts."""

import pytest
from django.core.management import CommandError, call_command

from updates.live.relay.nginx import LONGEST_PAUSE, MAX_QUEUED, MAX_QUEUED_LENGTH, Claim, Nginx, Post, covers


@pytest.fixture
def machine():
    return Nginx("http://127.0.0.1:1/", None, lambda _: None)


def texts(machine):
    return [post.text for post in machine._queue]


def add(machine, text, channel="1/storm"):
    machine.add(Post(channel, text))


def test_removed_text_leaves_the_queue_of_its_channel_only(machine):
    for channel in ("1/storm", "1/flood"):
        add(machine, "Gate leaking", channel)
    add(machine, None)
    machine.rewrite("1/storm", lambda text: text.replace("leaking", ""))
    assert texts(machine) == ["Gate ", "Gate leaking", None]


def test_a_full_queue_is_dropped_so_that_readers_see_a_gap(machine):
    for number in range(MAX_QUEUED + 1):
        add(machine, str(number))
    assert texts(machine) == [str(MAX_QUEUED)]


def test_long_frames_fill_it_sooner(machine):
    for _ in range(3):
        add(machine, "x" * (MAX_QUEUED_LENGTH // 2 + 1))
    assert len(texts(machine)) == 1


def test_first_retry_follows_at_once_and_later_ones_are_rarer(machine, caplog):
    pauses = []
    for _ in range(10):
        machine._failed("no route")
        pauses.append(machine._pause())
    assert pauses[0] == 0
    assert pauses[1:] == sorted(pauses[1:])
    assert pauses[-1] == LONGEST_PAUSE
    assert [record.message for record in caplog.records] == ["relay nginx_lost to=http://127.0.0.1:1 reason='no route'"]


def test_two_addresses_have_two_names_that_fit_the_tables(machine):
    other = Nginx("http://127.0.0.1:2", None, lambda _: None)
    assert machine.name != other.name
    assert len(machine.name) <= 32
    assert Nginx("http://127.0.0.1:1", None, lambda _: None).name == machine.name


FRAME = {"t": "ops", "epoch": "e", "seq": 7, "readers": 10}
BEAT = {"t": "hb", "epoch": "e", "seq": 7, "readers": 10}


@pytest.mark.parametrize(
    ("newest", "age", "claim", "is_covered"),
    [
        ({}, 0, Claim("e", 7, {}, is_heartbeat=False), False),
        (FRAME, 0, Claim("e", 7, {}, is_heartbeat=False), True),
        (FRAME, 99, Claim("e", 6, {}, is_heartbeat=False), True),
        (FRAME, 0, Claim("e", 8, {}, is_heartbeat=False), False),
        (FRAME, 0, Claim("f", 7, {}, is_heartbeat=False), False),
        (BEAT, 0, Claim("e", 7, {}, is_heartbeat=False), False),  # readers would have to fetch the frame
        (BEAT, 0, Claim("e", 7, {"readers": 10}, is_heartbeat=True), True),
        (FRAME, 0, Claim("e", 7, {"readers": 10}, is_heartbeat=True), True),
        (BEAT, 0, Claim("e", 7, {"readers": 20}, is_heartbeat=True), False),
        (BEAT, 0, Claim("e", 7, {"readers": 10, "writing": True}, is_heartbeat=True), False),
        (BEAT, 12, Claim("e", 7, {}, is_heartbeat=True), True),
        (BEAT, 13, Claim("e", 7, {}, is_heartbeat=True), False),  # the next one is due
        ({"t": "bye", "code": 4410}, 0, Claim("e", 7, {}, is_heartbeat=True), False),
    ],
)
def test_what_another_relay_has_posted_is_left_out(newest, age, claim, is_covered):
    assert covers(newest, age, claim) is is_covered


@pytest.mark.parametrize(
    "address", ["nginx", "ftp://nginx", "http://", "http://nginx:x", "http://nginx?a=1", "http://[::1"]
)
def test_addresses_that_are_none_are_refused(address, settings):
    settings.RELAY_TOKEN = "hush"
    with pytest.raises(CommandError, match="give an address such as"):
        call_command("relay", to=[address])


def test_no_relay_without_a_secret(settings):
    settings.RELAY_TOKEN = ""
    with pytest.raises(CommandError, match="Set RELAY_TOKEN"):
        call_command("relay", to=["http://127.0.0.1:8090"])


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_a_port_for_measurements_that_is_none_is_refused(port, settings):
    settings.RELAY_TOKEN = "hush"
    with pytest.raises(CommandError, match=f"--metrics-port {port}: a port is a number"):
        call_command("relay", to=["http://127.0.0.1:1"], metrics_port=int(port))
