"""The page of another site that the demo serves."""

import subprocess
import sys
from subprocess import PIPE
from threading import Thread
from urllib.request import urlopen

import pytest

from tests.factories import make_event
from tests.servers import CEILING, ROOT, environment
from updates.demo.example_site import ExampleSite


def test_it_says_what_is_wrong_while_the_live_blog_is_down():
    with ExampleSite("http://127.0.0.1:9", "storm-maren") as site:
        Thread(target=site.serve_forever, args=(0.05,), daemon=True).start()
        with urlopen(site.address, timeout=CEILING) as answer:
            page = answer.read().decode()
        site.shutdown()
    assert "The live blog cannot be reached" in page
    assert '<iframe id="frame" src="http://127.0.0.1:9/storm-maren/embed/"' in page
    assert f"This site is {site.address}." in page


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_command_serves_the_page_and_says_what_is_to_be_allowed():
    event = make_event()
    command = [sys.executable, "manage.py", "example_site", event.slug, "--port", "0"]
    variables = environment(PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=PIPE, stderr=PIPE, text=True) as process:
        address = process.stdout.readline().partition("/ shows")[0]
        with urlopen(address, timeout=CEILING) as answer:
            assert event.slug in answer.read().decode()
        process.terminate()
        assert f"Add {address} at the desk" in process.stderr.read()
