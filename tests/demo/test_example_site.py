"""The page of another site that the demo serves."""

from threading import Thread
from urllib.request import urlopen

from tests.servers import CEILING
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
