"""The page to frame, and the HTML to insert: what they show, who may, and how long caches keep it."""

import re

import pytest

from tests.factories import editor_of, make_event, make_picture, post, post_many
from updates import publishing
from updates.publishing import EmbedContent, EventDetails, PhotoContent, TextContent

pytestmark = pytest.mark.django_db

PAPER = "https://www.paper.example"


@pytest.fixture
def event():
    return make_event(slug="storm", title="Storm Maren", embed_sites=[PAPER, "https://*.cms.example"])


def ancestors(answer):
    return re.search(r"frame-ancestors ([^;]*)", answer["Content-Security-Policy"])[1]


def headlines(answer):
    return re.findall(r"<h2[^>]*>([^<]*)</h2>|<b dir[^>]*>([^<]*)</b>", answer.content.decode())


def texts(answer):
    return [one or other for one, other in headlines(answer)]


def test_page_names_the_sites_that_may_frame_it(client, event):
    answer = client.get("/storm/embed/")
    assert ancestors(answer) == f"'self' {PAPER} https://*.cms.example"
    assert "X-Frame-Options" not in answer
    second = client.get("/storm/embed/", headers={"if-none-match": answer["ETag"]})
    assert (second.status_code, "X-Frame-Options" in second) == (304, False)  # and the policy of the page stays


def test_without_sites_only_this_one_may(client):
    make_event(slug="shut")
    answer = client.get("/shut/embed/")
    assert (ancestors(answer), answer["X-Frame-Options"]) == ("'self'", "SAMEORIGIN")
    make_event(slug="open", embed_sites=["*"])
    answer = client.get("/open/embed/")
    assert (ancestors(answer), "X-Frame-Options" in answer) == ("*", False)


@pytest.mark.parametrize("path", ["/storm/", "/storm/fragment", "/", "/storm/embed/?limit=0", "/absent/embed/"])
def test_nothing_else_may_be_framed(client, event, path):
    answer = client.get(path)
    assert (ancestors(answer), answer["X-Frame-Options"]) == ("'none'", "DENY")


def test_a_site_that_is_taken_off_the_list_is_refused_at_once(client, event):
    before = client.get("/storm/embed/")
    publishing.change_event(event.pk, EventDetails(embed_sites=[]), editor_of(event))
    answer = client.get("/storm/embed/", headers={"if-none-match": before["ETag"]})
    assert (answer.status_code, ancestors(answer)) == (200, "'self'")


def test_page_shows_the_newest_and_no_more(client, event):
    post_many(event, 12)
    answer = client.get("/storm/embed/?limit=4")
    assert len(re.findall("<article", answer.content.decode())) == 4
    assert 'data-more=""' in answer.content.decode()
    assert len(re.findall("<article", client.get("/storm/embed/").content.decode())) == 10
    assert 'data-more=""' not in client.get("/storm/fragment?limit=12").content.decode()


def test_latest_box_has_three_headlines_that_lead_to_their_updates(client, event):
    entries = [post(event, f"Headline {number}") for number in range(5)]
    answer = client.get("/storm/fragment?view=latest")
    assert texts(answer) == ["Headline 4", "Headline 3", "Headline 2"]
    assert f'href="http://testserver{entries[4].get_absolute_url()}"' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=51", "limit=-1", "limit=x", "limit=", "view=all", "after=x", "after=-1", "after=a-b",
     "theme=red", "limit=99999999999999999999", "after=1&view=%00", "limit=%D9%A3"],
)  # fmt: skip
def test_an_address_that_asks_for_nothing_says_why(client, event, query):
    for address in ("/storm/fragment", "/storm/embed/"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 400
        assert answer.content.decode().split(":")[0] in {"limit", "view", "after", "theme"}


def test_addresses_are_whole_and_icons_left_out(client, event):
    boss = editor_of(event)
    blocks = [
        TextContent('<p>See <a href="/storm/">all</a>, say src="/x" &amp; <a href="https://a.example/">b</a></p>'),
        PhotoContent(make_picture(boss).pk, alt='href="/trick"', credit="Noor"),
        EmbedContent("https://youtu.be/aqz-KE-bpKQ", "", "Film"),
    ]
    publishing.pin(post(event, "Gate", author=boss, blocks=blocks, is_key=True).pk, boss)
    html = client.get("/storm/fragment").content.decode()
    for tag in re.findall(r"<[a-z][^>]*>", html):
        for address in re.findall(r'\s(?:href|src|poster)="([^"]*)"', tag):
            assert address.startswith(("http://testserver/", "https://")), tag
        for pictures in re.findall(r'\ssrcset="([^"]*)"', tag):
            assert all(picture.startswith("http://testserver/media/") for picture in pictures.split(", ")), tag
    assert "<svg" not in html
    assert 'say src="/x" &amp;' in html
    assert 'alt="href=&quot;/trick&quot;"' in html


def test_only_what_is_new(client, event):
    first, second = post(event, "One"), post(event, "Two")
    event.refresh_from_db()
    version = client.get("/storm/fragment")["Live-Version"]
    assert version == f"{event.epoch}-{event.head}"
    post(event, "Three")
    publishing.remove(first.pk, editor_of(event))
    answer = client.get(f"/storm/fragment?after={version}")
    html = answer.content.decode()
    assert texts(answer) == ["Three"]
    gone = f'<article data-id="{first.public_id}" data-seq="{event.head + 2}" data-kind="remove" hidden></article>'
    assert gone in html
    assert f'data-version="{answer["Live-Version"]}"' in html
    assert second.public_id not in html
    unchanged = client.get(f"/storm/fragment?after={version}", headers={"if-none-match": answer["ETag"]})
    assert (unchanged.status_code, unchanged["Live-Version"]) == (304, answer["Live-Version"])
    nothing = client.get(f"/storm/fragment?after={answer['Live-Version']}")
    assert (texts(nothing), nothing["Live-Version"]) == ([], answer["Live-Version"])


def test_only_what_is_new_of_the_latest_box(client, event):
    first = post(event, "One")
    event.refresh_from_db()
    publishing.remove(first.pk, editor_of(event), reader_note="Wrong gate")
    post(event, "Two")
    answer = client.get(f"/storm/fragment?view=latest&after={event.head}")
    assert texts(answer) == ["Two"]
    gone = f'<li data-id="{first.public_id}" data-seq="{event.head + 1}" data-kind="remove" hidden></li>'
    assert gone in answer.content.decode()


def test_changes_for_one_limit_are_no_answer_for_another(client, event):
    post(event, "One")
    first, second = (client.get(f"/storm/fragment?after=1&limit={limit}") for limit in (3, 50))
    assert (b'data-limit="3"' in first.content, b'data-limit="50"' in second.content) == (True, True)
    assert first["ETag"] != second["ETag"]


@pytest.mark.parametrize("after", ["abcd1234-1", "1000000"])
def test_numbers_that_are_void_give_everything(client, event, after):
    post(event, "One")
    answer = client.get(f"/storm/fragment?after={after}")
    assert texts(answer)[-1] == "One"
    assert 'data-part=""' not in answer.content.decode()


def test_much_that_is_new_comes_in_parts(client, event):
    event.refresh_from_db()
    post_many(event, 130)
    seen, version = 0, f"{event.epoch}-{event.head}"
    for _ in range(2):
        answer = client.get(f"/storm/fragment?after={version}")
        seen, version = seen + answer.content.decode().count("<article"), answer["Live-Version"]
    event.refresh_from_db()
    assert (seen, version) == (130, f"{event.epoch}-{event.head}")


def test_caches_keep_them_as_pages(client, event, django_assert_num_queries):
    post(event, "One")
    for address in ("/storm/embed/", "/storm/fragment"):
        first = client.get(address)
        assert first["Cache-Control"] == "public, max-age=0, s-maxage=3"
        assert first["Vary"] == "Accept-Encoding"
        assert first["Surrogate-Key"] == "event-storm"
        assert not first.cookies
        with django_assert_num_queries(1):
            assert client.get(address).content == first.content
    changes = client.get("/storm/fragment?after=0")
    assert changes["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-while-revalidate=3"


def test_a_draft_does_not_exist(client):
    make_event(slug="secret", status="draft", embed_sites=["*"])
    for address in ("/secret/embed/", "/secret/fragment", "/secret/fragment?parent=https://a.example"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, client.get(address.replace("secret", "absent")).content)


@pytest.mark.parametrize(
    ("parent", "status", "allowed"),
    [
        (PAPER, 200, PAPER),
        ("https://news.cms.example", 200, "https://news.cms.example"),
        ("http://testserver", 200, "http://testserver"),
        ("https://evil.example", 403, "https://evil.example"),
        ("null", 403, None),
        ("https://evil.example\r\nX: y", 403, None),
        ("https://*.cms.example", 403, "https://*.cms.example"),
    ],
)
def test_scripts_of_sites_that_may_embed_it_read_it(client, event, parent, status, allowed):
    answer = client.get("/storm/fragment", {"parent": parent})
    assert (answer.status_code, answer.get("Access-Control-Allow-Origin")) == (status, allowed)
    assert ("Storm Maren" in answer.content.decode()) is (status == 200)


def test_scripts_of_every_site_where_every_site_may(client):
    make_event(slug="open", embed_sites=["*"])
    assert client.get("/open/fragment?parent=null")["Access-Control-Allow-Origin"] == "*"


def test_without_a_parent_no_script_of_another_site_reads_it(client, event):
    assert "Access-Control-Allow-Origin" not in client.get("/storm/fragment", headers={"origin": PAPER})


def test_catch_up_is_open_to_scripts(client, event):
    for query in (f"after=0&epoch={event.epoch}", "after=0&epoch=other", "after=x"):
        assert client.get(f"/storm/changes?{query}")["Access-Control-Allow-Origin"] == "*"
    assert client.get("/absent/changes?after=0&epoch=e")["Access-Control-Allow-Origin"] == "*"


def test_arabic_page(client):
    event = make_event(slug="flood", title="العاصفة", language="ar", embed_sites=[PAPER])
    post(event, "بوابة")
    html = client.get("/flood/embed/").content.decode()
    assert '<html lang="ar" dir="rtl"' in html
    assert "افتح المدونة المباشرة" in html


def test_one_update_alone(client, event):
    entry, _ = post(event, "One"), post(event, "Two")
    for address in ("/storm/embed/", "/storm/fragment"):
        answer = client.get(address, {"update": entry.public_id})
        assert (answer.status_code, texts(answer)[-1]) == (200, "One")
        assert "Two" not in answer.content.decode()
        assert answer["Surrogate-Key"] == f"event-storm entry-{entry.public_id}"
    publishing.remove(entry.pk, editor_of(event))
    for address in ("/storm/embed/", "/storm/fragment"):
        for _ in range(2):  # drawn, and from the cache
            answer = client.get(address, {"update": entry.public_id})
            assert (answer.status_code, "One" in answer.content.decode()) == (410, False)
            assert "This update was removed." in answer.content.decode()
    assert ancestors(client.get("/storm/embed/", {"update": entry.public_id})).startswith(f"'self' {PAPER}")
    publishing.restore(entry.pk, editor_of(event))
    publishing.remove(entry.pk, editor_of(event), reader_note="It was another gate.")
    answer = client.get("/storm/fragment", {"update": entry.public_id})
    assert (answer.status_code, "It was another gate." in answer.content.decode()) == (410, True)


@pytest.mark.parametrize(
    "query", ["update=AAAAAAAAAA", "update=short", "update=AAAAAAAAAA&view=latest", "update=A&after=1"]
)
def test_an_update_that_readers_never_saw(client, event, query):
    assert client.get(f"/storm/embed/?{query}").status_code == (404 if query == "update=AAAAAAAAAA" else 400)
