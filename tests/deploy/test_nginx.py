"""A running site behind the nginx configuration that we ship."""

import json
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from subprocess import Popen
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.admin.desk_forms import add_address, entry_form, text
from tests.browser.desk_page import session_cookie
from tests.factories import make_event, make_live_events, make_user
from tests.nginx import nginx_before
from tests.servers import CEILING, ROOT, collect_static, end, environment, held_port, running_site, wait_until
from updates.models import Entry

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def front(tmp_path_factory, django_db_setup):
    """One server that limits nothing by itself, behind one proxy."""
    folder = tmp_path_factory.mktemp("front")
    with running_site(folder / "site.log", SIGN_INS_PER_MINUTE="0") as site, nginx_before(folder, site.url) as url:
        yield url


def test_lists_of_200_live_blogs_pass(front, transactional_db):
    make_live_events(200)
    for address in ("/", "/archive/", "/corrections/"):
        with urlopen(front + address, timeout=CEILING) as answer:
            assert (answer.status, answer.headers["Surrogate-Key"]) == (200, "lists")


def test_the_proxy_itself_limits_sign_ins_of_one_address_and_nothing_that_is_read(front, transactional_db):
    statuses = Counter()

    def are_too_many():
        statuses.update(several.map(lambda _number: status_of(front, "POST", "/admin/login/"), range(50)))
        return statuses[429] >= 10

    with ThreadPoolExecutor(10) as several:  # one after the other they might come slowly enough
        wait_until(are_too_many, "the proxy refuses some")
    assert statuses[403] >= 60  # without a token
    assert status_of(front, "GET", "/admin/login/") == 200
    assert status_of(front, "POST", "/storm/seen") == 400


def status_of(url, method, path):
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=CEILING)) as line:
        line.request(method, path)
        return line.getresponse().status


class Process:
    """`manage.py serve` on a port of its own, which it keeps when it is restarted."""

    def __init__(self, log):
        self.place = held_port()
        self.port = self.place.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.start()

    def start(self):
        command = [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("a") as output:
            self.process = Popen(command, cwd=ROOT, env=environment(), stdout=output, stderr=output)
        wait_until(self.answers, f"the process answers; its log: {self.log}")

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()
        with suppress(OSError):
            return urlopen(f"{self.url}/healthz", timeout=CEILING).status == 200

    def restart(self):
        end(self.process)
        self.start()


class Crowd:
    """People who read, post and open sockets, one after the other, until it is over."""

    def __init__(self, url, event, editor):
        self.url, self.event, self.editor = url, event, editor
        self.over = threading.Event()
        self.outcomes = Counter()
        self.cookie = f"sessionid={session_cookie(editor, url)['value']}; csrftoken={'x' * 32}"
        self.threads = [
            threading.Thread(target=self.go_on, args=(what,)) for what in (self.read, self.post, self.listen)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def go_on(self, what):
        number = 0
        while not self.over.is_set():
            number += 1
            try:
                outcome = what(number)
            except (OSError, WebSocketException, TimeoutError) as error:
                outcome = repr(error)
            self.outcomes[what.__name__, outcome] += 1

    def counts(self, name):
        return {outcome: count for (what, outcome), count in self.outcomes.copy().items() if what == name}

    def read(self, number):
        with closing(HTTPConnection(self.url.removeprefix("http://"), timeout=CEILING)) as line:
            line.request("GET", f"/{self.event.slug}/?fresh={number}")
            return line.getresponse().status

    def post(self, number):
        form = entry_form(f"Update {number}", text("<p>Words</p>"), key=f"key-{number}", csrfmiddlewaretoken="x" * 32)
        headers = {"Cookie": self.cookie, "Origin": self.url, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection(self.url.removeprefix("http://"), timeout=CEILING)) as line:
            line.request("POST", add_address(self.event), urlencode(form), headers)
            return line.getresponse().status

    def listen(self, _number):
        url = f"{self.url.replace('http', 'ws')}/ws/events/{self.event.slug}/?v=1&epoch={self.event.epoch}&since=0"
        with connect(url, open_timeout=CEILING) as socket:
            return json.loads(socket.recv(CEILING))["t"]


@pytest.fixture
def processes(tmp_path, transactional_db):
    collect_static()
    started = []
    try:
        started.extend(Process(tmp_path / f"{number}.log") for number in range(2))
        yield started
    finally:
        for each in started:
            end(each.process)
            each.place.close()


def test_a_rolling_restart_refuses_nobody_and_loses_nothing(processes, tmp_path):
    editor = make_user(superuser=True)
    event = make_event(author=editor)
    with nginx_before(tmp_path, *(each.url for each in processes)) as url, Crowd(url, event, editor) as crowd:
        for each in processes:
            wait_for_more(crowd)
            each.restart()
        wait_for_more(crowd)

    assert set(crowd.counts("read")) == {200}
    assert set(crowd.counts("listen")) == {"sync"}
    assert set(crowd.counts("post")) == {302}
    assert Entry.objects.filter(status="published").count() == crowd.counts("post")[302]


def wait_for_more(crowd):
    """Let everybody do a few things while all processes run."""
    before = {name: sum(crowd.counts(name).values()) for name in ("read", "post", "listen")}
    for name, count in before.items():
        wait_until(lambda name=name, count=count: sum(crowd.counts(name).values()) > count + 2, f"they {name}")
