"""What is pasted into the desk comes out clean, whoever made it, and breaks no policy on the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import LAPTOP, PHONE, WATCH_POLICY, outbox, publish
from tests.samples import sample_json
from tests.servers import wait_until
from updates import publishing
from updates.models import Entry

PASTE = """([html, plain]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(".block-text .ProseMirror").dispatchEvent(event);
}"""
TRAP = """window.fell = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { fell.push(new Error(name).stack); };
true;"""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Word 15">
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri"} --></style></head><body lang=EN-GB>
<!--StartFragment--><p class=MsoNormal style='mso-margin-top-alt:auto'><b><span lang=EN-GB>High water</span></b> at
<i>five past four</i><o:p></o:p></p><p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;&nbsp;</span>
</span></span><![endif]>Rope Street<o:p></o:p></p><p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'>
<![if !supportLists]><span><span style='mso-list:Ignore'>·<span>&nbsp;</span></span></span><![endif]>Sluice Street</p>
<p class=MsoNormal><a href="https://harbour.example/tides" style="color:#0563C1">the tides</a></p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal>Quay</p></td><td><p class=MsoNormal>85 cm</p></td></tr>
<tr><td>Gate</td><td>110 cm</td></tr></table>
<!--EndFragment--></body></html>"""
GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<p dir="ltr" style="line-height:1.38">
<span style="font-size:11pt;font-weight:700">High water</span><span style="font-weight:400"> at five past </span>
<span style="font-style:italic">four</span></p><ul><li dir="ltr"><p><span>Rope Street</span></p></li></ul></b><br>"""


@pytest.fixture
def desk(sit, tomas):
    page = sit(tomas, script=WATCH_POLICY, **LAPTOP)
    page.evaluate(TRAP)
    return page


def text(page):
    return page.locator(".block-text .ProseMirror").first


def published(page):
    """Publish what is written; return its HTML, once the form is free for the next update."""
    out = Entry.objects.published().count()
    publish(page)
    wait_until(lambda: Entry.objects.published().count() > out, "the update is out")
    expect(outbox(page, "sent")).to_contain_text("Published")
    expect(text(page)).to_have_text("")
    (block,) = publishing.read_content(Entry.objects.published().order_by("-order").first()).blocks
    return block.html


def check_word(html):
    assert "<strong>High water</strong> at <em>five past four</em>" in html
    assert '<a href="https://harbour.example/tides"' in html
    assert [item.strip() for item in re.findall(r"<li>(?:<p>)?(.*?)<", html)] == ["Rope Street", "Sluice Street"]
    table = re.search(r"<table>.*</table>", html, re.DOTALL)[0]
    assert [re.findall(r"<td><p>(.*?)\s*</p></td>", row) for row in table.split("<tr>")[1:]] == [
        ["Quay", "85 cm"],
        ["Gate", "110 cm"],
    ]
    assert not any(left in html for left in ("Mso", "style", "span", "o:p", "class"))


FRAMED = """<table><caption>From the harbour</caption><tr><td><h2>Press release</h2><p>First paragraph.</p>
<p>Second, with <a href="https://x.example/online=yes">a link</a>.</p><table><tr><td>Quay</td><td><p>85 cm</p></td></tr>
</table></td></tr></table><p class="MsoListParagraph">Indented.</p>"""


def check_frame_of_tables(html):
    parts = [" ".join(re.sub("<.*?>", "", part).split()) for part in re.findall(r"<(?:p|h3)>.*?</", html, re.DOTALL)]
    words = [part for part in (part.removesuffix("</") for part in parts) if part]
    assert [word.split(",")[0] for word in words] == [
        "From the harbour",
        "Press release",
        "First paragraph.",
        "Second",
        "Quay",
        "85 cm",
        "Indented.",
    ]
    assert "<h3>Press release</h3>" in html
    assert html.count("<table>") == 1
    assert 'href="https://x.example/online=yes"' in html


def check_google_docs(html):
    assert "<strong>High water</strong> at five past" in html
    assert "<em>four</em>" in html
    assert "<li>" in html
    assert not any(left in html for left in ("docs-internal", "style", "span"))


def test_words_of_other_programs_keep_what_they_mean_and_no_style(desk):
    """One after the other at one desk, each as an update of its own."""
    for pasted, check in [(WORD, check_word), (FRAMED, check_frame_of_tables), (GOOGLE, check_google_docs)]:
        desk.evaluate(PASTE, [pasted, "High water"])
        check(published(desk))
        assert desk.evaluate("broken") == [], check.__name__


def test_nothing_hostile_runs_or_stays(desk, watched):
    watched.expect_messages("Content Security Policy")  # which stops what is made to be stopped
    payloads = [item["payload"] for item in sample_json("hostile-html.json")["payloads"]]
    for payload in payloads:
        desk.evaluate(PASTE, [payload, "plain"])
    desk.keyboard.type("The end.")
    html = published(desk)
    assert "The end." in html
    assert desk.evaluate("fell") == []
    live = "script, style, iframe, object, embed, svg, math, form, input, [style], [onerror], [onload], [onclick]"
    assert (
        desk.evaluate(
            "([html, live]) => new DOMParser().parseFromString(html, 'text/html').querySelector(live)?.outerHTML ?? ''",
            [html, live],
        )
        == ""
    )


def stands_above_the_buttons(page):
    line, bar = text(page).locator("p").last.bounding_box(), page.locator("[data-send]").bounding_box()
    return 0 <= line["y"] <= bar["y"] - line["height"] and bar["y"] + bar["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("screen", [LAPTOP, PHONE, PHONE | {"viewport": {"width": 390, "height": 450}}])
def test_the_caret_stays_above_the_buttons_however_long_the_text(sit, tomas, screen):
    page = sit(tomas, **screen)
    expect(text(page)).to_be_focused()
    wait_until(lambda: stands_above_the_buttons(page), "the caret is seen as soon as the desk is open")
    for number in range(25):
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")
    page.keyboard.type("Last")
    expect(page.locator("[data-saved]")).to_contain_text("and at the desk")  # which takes a line of its own
    wait_until(lambda: stands_above_the_buttons(page), "the caret is seen where one types")


DELETED = [
    ("<p>The minister will <del>resign</del><ins>stay</ins>.</p>", "<p>The minister will stay.</p>", "resign"),
    (
        "<p>Price <s>100</s>80 euro</p><p><strike>Old.</strike>New.</p>",
        "<p>Price 80 euro</p><p>New.</p>",
        "100 · Old.",
    ),
    (
        '<p>Toll: <span style="text-decoration:line-through">twelve </span>nine dead</p>',
        "<p>Toll: nine dead</p>",
        "twelve",
    ),
    ('<p>Seen<span style="display:none;mso-hide:all"> not seen</span></p>', "<p>Seen</p>", "not seen"),
    ('<p>Seen<span style="DISPLAY : NONE"> capitals</span></p>', "<p>Seen</p>", "capitals"),
    (
        "<style>.xl65{text-decoration:line-through}</style><p><i class=xl65>a struck cell</i>Seen</p>",
        "<p>Seen</p>",
        "a struck cell",
    ),
    ('<p>Text<a href="#_msocom_1">[JD1]</a></p>', "<p>Text</p>", "[JD1]"),
]


def test_deleted_struck_and_hidden_text_goes_and_the_desk_says_so(desk):
    for pasted, html, left_out in DELETED:
        desk.evaluate(PASTE, [pasted, "plain"])
        expect(desk.locator("[data-left-out]")).to_contain_text(
            f"Left out because it was deleted, struck out or hidden: {left_out}"
        )
        assert published(desk) == html


FIGURES = [
    ("10<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>6</span>", "10⁶"),
    ("About 3 × 10<sup>6</sup> litres and 40 m<sup>3</sup>", "About 3 × 10⁶ litres and 40 m³"),
    ('10<span style="vertical-align:super">6</span>, the 4<sup>th</sup>, CO<sub>2</sub>', "10⁶, the 4th, CO₂"),
    ("<sup>1</sup>/<sub>2</sub> cup, <sup>17</sup>&frasl;<sub>20</sub>", "½ cup, ¹⁷⁄₂₀"),
    ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> cup", "½ cup"),
    ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msub><mi>y</mi><mn>1</mn></msub></math>", "x²+y₁"),
    (
        'Now <img alt="🚨" src="https://x.example/1f6a8.svg"> stay <img alt="🇩🇪"><img alt="A logo">',
        "Now 🚨 stay 🇩🇪",
    ),
    ("He said <q>no</q>.", "He said “no”."),
]


def test_figures_and_signs_stay_true(desk):
    for pasted, words in FIGURES:
        desk.evaluate(PASTE, [f"<p>{pasted}</p>", "plain"])
        expect(text(desk)).to_have_text(words)
        assert published(desk) == f"<p>{words}</p>"
        expect(desk.locator("[data-left-out]")).to_have_count(0)
