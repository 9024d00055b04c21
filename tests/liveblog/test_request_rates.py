"""Posts of people who have not signed in, by address."""

import pytest

from liveblog.request_rates import ALERTS_AT_ONCE, MAX_SENDERS, POSTS_AT_ONCE, LimitedRequests, RateLimit
from updates.networks import network_of


def scope(path, client="198.51.100.7", method="POST"):
    return {"type": "http", "method": method, "path": path, "headers": [], "client": (client, 1) if client else None}


async def answer(application, request):
    sent = []

    async def send(message):
        sent.append(message)

    await application(request, None, send)
    return sent[0]


async def passed(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    """On a busy machine requests could come back within a test."""
    monkeypatch.setattr("liveblog.request_rates.monotonic", lambda: 1000.0)


@pytest.fixture
def limited():
    return LimitedRequests(
        passed, sign_ins=RateLimit(3, 3 / 60), others=RateLimit(POSTS_AT_ONCE, 50), api=RateLimit(5, 5 / 60)
    )


async def statuses(application, number, *request):
    return [(await answer(application, scope(*request)))["status"] for _ in range(number)]


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_change/", "/admin/updates/event/welcome/x/y/"])
async def test_passwords_beyond_the_limit_are_refused_with_the_time_to_wait(limited, path):
    assert await statuses(limited, 3, path) == [204] * 3
    refused = await answer(limited, scope(path))
    assert refused["status"] == 429
    headers = dict(refused["headers"])
    assert 1 <= int(headers[b"retry-after"]) <= 20
    assert (headers[b"cache-control"], headers[b"x-frame-options"]) == (b"no-store", b"DENY")


async def test_others_may_still_sign_in_and_everything_else_goes_on(limited):
    await statuses(limited, 10, "/admin/login/")
    assert await statuses(limited, 1, "/admin/login/", "198.51.100.8") == [204]
    assert await statuses(limited, 1, "/admin/login/", "198.51.100.7", "GET") == [204]
    assert await statuses(limited, 1, "/storm/seen") == [204]
    assert await statuses(limited, 500, "/admin/updates/event/1/desk/") == [204] * 500


async def test_reading_the_api_is_limited_and_refused_as_a_problem_that_scripts_can_read(limited):
    assert await statuses(limited, 5, "/api/v1/events", "198.51.100.7", "GET") == [204] * 5
    assert await statuses(limited, 1, "/storm/", "198.51.100.7", "GET") == [204]
    assert await statuses(limited, 1, "/api/v1/events", "198.51.100.8", "GET") == [204]
    refused = await answer(limited, scope("/api/v1/events", method="GET"))
    headers = dict(refused["headers"])
    assert (refused["status"], headers[b"content-type"]) == (429, b"application/problem+json")
    assert headers[b"access-control-allow-origin"] == b"*"
    assert int(headers[b"retry-after"]) <= 12


async def test_receipts_of_one_address_are_limited(limited):
    answers = await statuses(limited, POSTS_AT_ONCE + 200, "/storm/seen")
    assert answers[:POSTS_AT_ONCE] == [204] * POSTS_AT_ONCE
    assert answers.count(429) > 100
    assert await statuses(limited, 1, "/storm/seen", "198.51.100.8") == [204]


async def test_a_sender_without_an_address_is_not_limited(limited):
    assert await statuses(limited, 10, "/admin/login/", None) == [204] * 10


async def test_what_was_used_comes_back_with_time(limited, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("liveblog.request_rates.monotonic", lambda: now[0])
    assert await statuses(limited, 4, "/admin/login/") == [204, 204, 204, 429]
    now[0] += 20
    assert await statuses(limited, 2, "/admin/login/") == [204, 429]


def test_memory_is_bounded_however_many_addresses_come():
    limit = RateLimit(1, 1e-6)
    for number in range(MAX_SENDERS + 500):
        assert limit.seconds_to_wait(str(number)) == 0
    assert len(limit._left) == MAX_SENDERS
    assert limit.seconds_to_wait(str(MAX_SENDERS + 499)) > 0  # the newest is not dropped
    assert limit.seconds_to_wait("500") > 0  # nor the oldest for which there is room
    assert limit.seconds_to_wait("499") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
    ],
)
def test_addresses_of_one_customer_count_as_one(address, network):
    assert network_of(address) == network


async def test_subscriptions_to_alerts_have_a_narrow_limit_of_their_own(limited):
    answers = await statuses(limited, ALERTS_AT_ONCE + 1, "/storm/alerts")

    assert answers == [204] * ALERTS_AT_ONCE + [429]
    assert await statuses(limited, 1, "/storm/seen") == [204]
    assert await statuses(limited, 1, "/storm/alerts", "203.0.113.9") == [204]
