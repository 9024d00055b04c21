from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django_prose_editor.config import allowlist_from_extensions
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.samples import sample_json
from updates.content.links import own_path
from updates.content.sanitize import ALLOWED, EDITOR_EXTENSIONS, clean_html, is_blank, plain_text

LINK = 'rel="noopener noreferrer"'


TABLE, END = "<table><tbody>", "</tbody></table>"
SCHEMES = ("http://", "https://", "mailto:", "tel:")


class Inventory(HTMLParser):
    """Everything in a piece of HTML that the allow-list does not know."""

    def __init__(self):
        super().__init__()
        self.allowed = {row.tag: row.attributes for row in ALLOWED}
        self.parts = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.allowed:
            self.parts.append(tag)
        for name, value in attrs:
            if (tag, name, value) == ("a", "rel", "noopener noreferrer"):
                continue
            if name not in self.allowed.get(tag, ()):
                self.parts.append(f"{tag}[{name}]")
            if name == "href" and not (own_path(value) or value.lower().startswith(SCHEMES)):
                self.parts.append(value)
        if tag == "a" and "href" not in dict(attrs):
            self.parts.append("a without href")

    def handle_comment(self, data):
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.parts.append(f"<!{decl}>")

    def handle_pi(self, data):
        self.parts.append(f"<?{data}>")


def strange_parts(html):
    inventory = Inventory()
    inventory.feed(html)
    inventory.close()
    return inventory.parts


def test_what_the_editor_writes_stays_as_it_is():
    html = (
        "<p>One <strong>bold <em>and</em></strong><br>two</p>"
        '<ul><li><p>item</p><ol start="4"><li><p>inner</p></li></ol></li></ul>'
        f'<p><a href="https://example.org/?a=1&amp;b=2" title="More" {LINK}>link</a></p>'
    )
    assert clean_html(html) == html


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("no tags at all", "<p>no tags at all</p>"),
        ("<b>x</b> <i>y</i>", "<p><strong>x</strong> <em>y</em></p>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<h2>Head</h2>text", "<h3>Head</h3><p>text</p>"),
        ("<h4>no level is left out</h4>", "<h3>no level is left out</h3>"),
        ("<h1>a</h1><h5><b>b</b><p>c</p></h5>d", "<h3>a</h3><h4><strong>b</strong></h4><h4>c</h4><p>d</p>"),
        ("<ul><li><h2>a</h2></li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<p>a</p>\n\n  <p>b\n  c</p>\n", "<p>a</p><p>b c</p>"),
        ("<strong><p>a</p><p>b</p></strong>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ("<ul>loose</ul>", "<ul><li><p>loose</p></li></ul>"),
        ("<li>a<li>b", "<p>a</p><p>b</p>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", f"{TABLE}<tr><td><p>a</p></td><td><p>b</p></td></tr>{END}"),
        (
            "<table><caption>Levels</caption><thead><tr><td>Quay</td></tr></thead><tr><th>North<td>85</table>",
            f"<p>Levels</p>{TABLE}<tr><th><p>Quay</p></th></tr><tr><th><p>North</p></th><td><p>85</p></td></tr>{END}",
        ),
        (
            '<table border=1><tr style="x" onclick=x><td colspan=2 rowspan="3" width=9>a<td rowspan=-2>b</table>',
            f'{TABLE}<tr><td colspan="2" rowspan="3"><p>a</p></td><td><p>b</p></td></tr>{END}',
        ),
        ("<table><tr><td>frame</td></tr><tr><td><h2>of a page</h2></table>", "<p>frame</p><p>of a page</p>"),
        (
            "<table><tr><td>a<td><table><tr><td>b<td>c</table></table>",
            f"{TABLE}<tr><td><p>a</p></td><td><p>b</p><p>c</p></td></tr>{END}",
        ),
        ("<ul><li><table><tr><td>a<td>b</table></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<table><tr><td><td></table>", ""),
        ("<p><br>a<br><br>b<br></p>", "<p>a<br><br>b</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ('<p style="color:red" class="x" onclick="x()" id="y">a</p>', "<p>a</p>"),
        ("<script>alert(1)</script><style>p{}</style>", ""),
    ],
)
def test_other_html_comes_out_as_the_editor_would_have_written_it(html, cleaned):
    assert clean_html(html) == cleaned


def test_a_paste_from_word_comes_out_clean():
    paste = (
        "<!--[if gte mso 9]><xml><w:WordDocument>Normal 0 false</w:WordDocument></xml><![endif]-->"
        "<style>p.MsoNormal{margin:0}</style><xml><w:Zoom>0</w:Zoom></xml>"
        '<p class=MsoNormal style="margin:0"><b style="mso-bidi-font-weight:normal"><span lang=EN-GB>Ferry</span></b>'
        "<span lang=EN-GB> is<o:p></o:p></span></p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        '<p class=MsoNormal><i>late</i> <a href="file:///C:/x.doc">source</a></p>'
    )
    assert clean_html(paste) == "<p><strong>Ferry</strong> is</p><p><em>late</em> source</p>"


def test_a_paste_from_google_docs_keeps_its_bold_and_no_more():
    paste = (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
        '<span style="font-size:11pt;font-weight:400;font-style:normal">plain, </span>'
        '<span style="font-weight:700">bold, </span><span style="font-weight:400;font-style:italic">slanted</span>'
        "</p></b><br>"
    )
    assert clean_html(paste) == "<p>plain, <strong>bold, </strong><em>slanted</em></p>"


@pytest.mark.parametrize("scheme", ["https://example.org/", "http://example.org/", "mailto:a@example.org", "tel:+4930"])
def test_a_link_of_a_known_scheme_stays(scheme):
    assert clean_html(f'<a href=" {scheme} " target=_blank>x</a>') == f'<p><a href="{scheme}" {LINK}>x</a></p>'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://example.org/",
        "relative",
        "///example.org/",
        "/\\example.org/",
        "#fragment",
        "http:",
        "",
    ],
)
def test_a_link_elsewhere_keeps_only_its_text(address):
    assert clean_html(f'<p>a <a href="{address}">link</a></p>') == "<p>a link</p>"


@pytest.mark.parametrize("html", ["", " ", "<p></p>", "<p>&nbsp;</p>", "<p><br></p>", "<ul><li></li></ul>", "&#8203;"])
def test_what_shows_nothing_is_blank(html):
    assert is_blank(html)
    assert clean_html(html) == ""


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "a&#8;b", "bell\x07"])
def test_control_characters_are_refused_with_a_reason(text):
    with pytest.raises(ValidationError, match=r"U\+"):
        clean_html(text)


def test_a_text_without_end_is_refused():
    with pytest.raises(ValidationError, match="too long"):
        clean_html("a" * 100_001)


@pytest.mark.parametrize("table", ["<tr><td>a<td>b" * 101, "<tr>" + "<td>a" * 13, "<tr><td colspan=12>a<td>b"])
def test_a_table_without_end_is_refused(table):
    with pytest.raises(ValidationError, match="100 rows and 12 columns"):
        clean_html(f"<table>{table}</table>")


def test_tables_in_tables_are_flattened_in_time():
    html = clean_html("<table><tr><td>x<td>" * 1_000)
    assert (html.count("<table>"), html.count("<p>x</p>")) == (1, 1_000)
    assert clean_html(html) == html


def test_lists_without_end_are_flattened_in_time():
    html = clean_html("<ul><li>x" * 3_000)
    assert html.count("<ul>") == 10
    assert html.count("<p>x</p>") == 3_000
    assert clean_html(html) == html


def test_plain_text_has_a_line_for_each_block():
    html = "<p>a &amp; <strong>b</strong><br>c</p><ul><li><p>d</p></li><li><p>e</p></li></ul>"
    assert plain_text(html) == "a & b\nc\nd\ne"
    rows = "<tr><th><p>a</p><p>b</p></th><td></td><td><p>1  2</p></td></tr><tr><td><p>c</p></td></tr>"
    assert plain_text(f"<h3>Levels</h3>{TABLE}{rows}{END}") == "Levels\na b ·  · 1 2\nc"


def test_the_editor_offers_what_the_cleaner_keeps():
    editors = allowlist_from_extensions(EDITOR_EXTENSIONS)
    assert editors["tags"] == {row.tag for row in ALLOWED}
    assert editors["url_schemes"] == {"http", "https", "mailto", "tel"}
    assert all(row.attributes <= editors["attributes"].get(row.tag, set()) for row in ALLOWED)


def test_hostile_html_leaves_nothing_outside_the_allow_list():
    strange = {}
    for item in sample_json("hostile-html.json")["payloads"]:
        try:
            html = clean_html(item["payload"])
        except ValidationError:
            continue
        if parts := strange_parts(html):
            strange[item["payload"]] = parts
        assert clean_html(html) == html
    assert strange == {}


FRAGMENTS = [
    "<p>", "</p>", "<div>", "</div>", "<br>", "<ul>", "</ul>", "<ol start=3>", "</ol>", "<li>", "</li>", "<b>", "</b>",
    "<strong>", "</strong>", "<em>", "</em>", "<span style='font-weight:700'>", "</span>", "<table>", "<tr>", "<td>",
    "<td colspan=3>", "<th>", "<thead>", "</td>", "</tr>", "<caption>", "</table>", "<h2>", "</h2>", "<h5>",
    "<a href='https://example.org/?a&b'>", "<a href='mailto:x'>", "<a href=javascript:x>", "</a>", "<svg>",
    "</svg>", "<math>", "<mtext>", "<template>", "<select>", "<option>", "<!--", "-->", "<![CDATA[", "]]>", "<script>",
    "</script>", "<textarea>", "<plaintext>", "&nbsp;", "&lt;", "&#x200d;",
    "&#13;", "&#10;", "&#9;", "\r", "<del>", "</del>", "<sup>", "</sup>", "<sub>", "</sub>", "/", "6", "<q>", "</q>",
    "<p hidden>", "<span style='text-decoration:line-through'>", "<mfrac>", "<mn>", "</mn>", "</mfrac>", "<img alt=🚨>",
    "<a href='https://example.org/&#13;x' title='a&#13; &#10;b'>", "\n", " ", "text", "<", ">", "&", "\"", "'",
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_changes_nothing(html):
    try:
        once = clean_html(html)
    except ValidationError:
        assume(False)
    assert clean_html(once) == once
    assert strange_parts(once) == []
    assert is_blank(once) == (once == "")


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_cleaning_mutated_html_twice_changes_nothing(data):
    html = data.draw(
        st.sampled_from([*PASTES, *(item["payload"] for item in sample_json("hostile-html.json")["payloads"])])
    )
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(html)))
        end = data.draw(st.integers(start, min(len(html), start + 8)))
        html = html[:start] + data.draw(st.sampled_from(FRAGMENTS) | st.text(max_size=3)) + html[end:]
    try:
        once = clean_html(html)
    except ValidationError:
        assume(False)
    assert clean_html(once) == once
    assert strange_parts(once) == []


PASTES = [
    "<p>He will <del>resign</del><ins>stay</ins>.</p><ul><li>3 &times; 10<sup>6</sup></li><ol><li>b</ol></ul>",
    "<div><span style='font-weight:700;vertical-align:super'>1</span>/<sub>2</sub><br>a&#13;b</div><h2 hidden>c</h2>",
    "<p><a href='https://example.org/' title='More'>link</a> <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>",
]
