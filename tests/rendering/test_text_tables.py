"""Tables on readers' pages: headings name what they head, and a wide table scrolls by itself."""

import pytest
from django.utils import translation

from tests.factories import make_event, post
from tests.markup import parse
from updates.publishing import TextContent
from updates.rendering import draw_entry
from updates.rendering.feeds.feed import content_html
from updates.rendering.tables import with_scopes, with_tables

ROWS = "<tr><th><p>Quay</p></th><th><p>cm</p></th></tr><tr><th><p>North</p></th><td></td></tr>"
TABLE = f"<table><tbody>{ROWS}</tbody></table>"


@pytest.mark.parametrize(
    ("row", "scopes"),
    [
        ("<th>a</th><th>b</th>", ["col", "col"]),
        ("<th></th><th>b</th>", ["col"]),
        ("<td></td><th>b</th>", ["col"]),
        ("<th>a</th><td>1</td>", ["row"]),
        ('<th colspan="2">a</th><td></td>', ["row"]),
        ("<td>1</td><td>2</td>", []),
    ],
)
def test_a_heading_says_which_cells_it_is_for(row, scopes):
    table = parse(with_scopes(f"<table><tbody><tr>{row}</tr></tbody></table>"))
    assert [heading["scope"] for heading in table.all("th")] == scopes


def test_text_without_a_table_stays_as_it_is():
    assert with_tables("<h3>a</h3><p>b</p>") == "<h3>a</h3><p>b</p>"


@pytest.mark.django_db
def test_a_table_can_be_scrolled_with_keys_and_is_plain_in_feeds():
    entry = post(make_event(), "Levels", blocks=[TextContent(f"<h2>Now</h2>{TABLE}")])

    article = parse(draw_entry(entry))

    box = article.one(cls="table")
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "group", "Table")
    assert [heading["scope"] for heading in box.all("th")] == ["col", "col", "row"]
    assert article.one("h3").text == "Now"
    feed = parse(content_html(entry, "https://live.example"))
    assert (len(feed.all(cls="table")), [heading["scope"] for heading in feed.all("th")]) == (0, ["col", "col", "row"])


@pytest.mark.django_db
def test_cells_in_another_direction_have_their_own():
    event = make_event(language="ar", time_zone="Asia/Riyadh")
    table = TABLE.replace("Quay", "الرصيف").replace("North", "الشمال")
    article = parse(draw_entry(post(event, "المناسيب", blocks=[TextContent(table)])))
    assert [cell["dir"] for cell in article.one("table").all("p") if "dir" in cell] == ["ltr"]
    with translation.override("ar"):
        assert "جدول" in with_tables(table)
