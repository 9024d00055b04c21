"""The oEmbed provider: what it gives for which address."""

import json

import pytest
from defusedxml import ElementTree

from tests.factories import editor_of, make_event, post
from updates import publishing

pytestmark = pytest.mark.django_db

PAGE = "http://testserver/storm/"


@pytest.fixture
def event():
    return make_event(slug="storm", title='Storm "Maren" & <more>', embed_sites=["https://www.paper.example"])


def ask(client, url=PAGE, **query):
    return client.get("/oembed", {"url": url} | query)


def test_json_has_the_code_that_embeds(client, event):
    answer = ask(client)
    values = answer.json()
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert {name: values[name] for name in ("version", "type", "title", "width", "height")} == {
        "version": "1.0", "type": "rich", "title": event.title, "width": 600, "height": 600,
    }  # fmt: skip
    title = 'title="Storm &quot;Maren&quot; &amp; &lt;more&gt;"'
    assert values["html"].startswith(f'<iframe src="{PAGE}embed/" {title} width="600" height="600"')
    assert values["thumbnail_url"].startswith("http://testserver/storm/card.jpg")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=3"
    assert client.get("/oembed", {"url": PAGE}, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_xml_has_the_same(client, event):
    answer = ask(client, format="xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert {child.tag: child.text for child in root} == {name: str(value) for name, value in ask(client).json().items()}


@pytest.mark.parametrize(
    ("sizes", "width", "height", "view"),
    [
        ({"maxwidth": "320"}, 320, 600, ""),
        ({"maxwidth": "2000", "maxheight": "2000"}, 600, 600, ""),
        ({"maxheight": "450"}, 600, 450, ""),
        ({"maxheight": "300", "maxwidth": "300"}, 300, 260, "?view=latest"),
        ({"maxheight": "100"}, 600, 100, "?view=latest"),
    ],
)
def test_it_fits_into_the_given_size(client, event, sizes, width, height, view):
    values = ask(client, **sizes).json()
    assert (values["width"], values["height"]) == (width, height)
    assert f'src="http://testserver/storm/embed/{view}"' in values["html"]


@pytest.mark.parametrize("size", ["0", "-5", "x", "", "100000", "1e3"])
def test_a_size_that_is_none_is_refused(client, event, size):
    assert ask(client, maxwidth=size).status_code == 400


@pytest.mark.parametrize(
    "url", [PAGE, f"{PAGE}?page=1", f"{PAGE}#updates", f"{PAGE}embed/?view=latest", "HTTP://TESTSERVER/storm/"]
)
def test_addresses_of_an_event(client, event, url):
    assert ask(client, url).status_code == 200


def test_address_of_an_update_until_it_is_removed(client, event):
    entry = post(event, "Gate")
    address = f"http://testserver{entry.get_absolute_url()}"
    values = ask(client, address).json()
    assert values["title"] == "Gate"
    assert f'src="http://testserver/storm/embed/?update={entry.public_id}" title="Gate"' in values["html"]
    publishing.remove(entry.pk, editor_of(event))
    assert ask(client, address).status_code == 404


@pytest.mark.parametrize(
    "url",
    ["", "http://testserver/", "http://testserver/absent/", "http://testserver/storm/AAAAAAAAAA/", "http://testserver/admin/",
     "https://evil.example/storm/", "http://testserver.evil.example/storm/", "http://testserver@evil.example/storm/",
     "/storm/", "storm", "http://[", "javascript:alert(1)", "http://testserver/storm/changes", "http://testserver/%00/"],
)  # fmt: skip
def test_other_addresses_do_not_exist(client, event, url):
    assert ask(client, url).status_code == 404


def test_a_draft_does_not_exist_and_what_nobody_may_embed_is_refused(client):
    make_event(slug="secret", status="draft", embed_sites=["*"])
    make_event(slug="shut")
    assert ask(client, "http://testserver/secret/").status_code == 404
    assert ask(client, "http://testserver/shut/").status_code == 401


@pytest.mark.parametrize("form", ["yaml", "", "JSON"])
def test_other_formats_are_not_implemented(client, event, form):
    assert ask(client, format=form).status_code == 501


def test_pages_name_it_where_somebody_may_embed_them(client, event):
    entry = post(event, "Gate")
    for path in ("/storm/", entry.get_absolute_url()):
        html = client.get(path).content.decode()
        for kind in ("application/json+oembed", "text/xml+oembed"):
            assert f'<link rel="alternate" type="{kind}" href="http://testserver/oembed?' in html
    make_event(slug="shut")
    assert "+oembed" not in client.get("/shut/").content.decode()


def test_named_address_works(client, event):
    html = client.get("/storm/").content.decode()
    address = html.split('type="application/json+oembed" href="')[1].split('"')[0].replace("&amp;", "&")
    assert json.loads(client.get(address.removeprefix("http://testserver")).content)["title"] == event.title
