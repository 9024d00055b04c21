"""What markup says beside the words: deleted, struck and hidden text goes, figures stay true."""

import pytest

from updates.content.sanitize import clean_html


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ("<p>The minister will <del>resign</del><ins>stay</ins>.</p>", "<p>The minister will stay.</p>"),
        ("<p>Price <s>100</s>80 euro</p>", "<p>Price 80 euro</p>"),
        ("<p><strike>Old <b>line</b>.</strike>New line.</p>", "<p>New line.</p>"),
        ('<span style="text-decoration:line-through">twelve </span>nine dead', "<p>nine dead</p>"),
        ('<span style="text-decoration: underline line-through red">twelve </span>nine', "<p>nine</p>"),
        ('<p>Seen<span style="display:none;mso-hide:all"> not seen</span></p>', "<p>Seen</p>"),
        ('<p style="visibility: hidden">not seen</p><p>Seen</p>', "<p>Seen</p>"),
        ('<p>Seen<span style="font-size:0px">not</span></p>', "<p>Seen</p>"),
        ('<p style="font-size:0.8em;opacity:0.5">Seen</p>', "<p>Seen</p>"),
        ("<p hidden>not seen<br>nor this</p><p>Seen</p>", "<p>Seen</p>"),
        ("<ul><li>one</li><li hidden>two</li></ul>", "<ul><li><p>one</p></li></ul>"),
        ("<p>Text<span style='mso-special-character:comment'>[AB1]</span></p>", "<p>Text</p>"),
        ("<del><p>a</p><p>b</p></del><p>c</p>", "<p>c</p>"),
        ('<p>Seen<span style="DISPLAY : NONE !important">not</span></p>', "<p>Seen</p>"),
        ('<p>Seen<span style="Text-Decoration: line-through">not</span></p>', "<p>Seen</p>"),
        (
            "<style>.c1{color:red}.C2, td.c3{\ntext-decoration : line-through}</style><span class='x c2'>no</span>yes",
            "<p>yes</p>",
        ),
        ("<style><!-- .xl65 {display:none} --></style><p class=xl65>no</p><p class=xl6>yes</p>", "<p>yes</p>"),
        (
            "<style>.a .b{display:none} @media print{.c{display:none}}</style><p class=b>yes</p><p class=c>yes</p>",
            "<p>yes</p><p>yes</p>",
        ),
        ("<p>Text<span class=MsoCommentReference><a href='#_msocom_1'>[JD1]</a></span></p>", "<p>Text</p>"),
        ('<p>Seen<span class="sr-only">heard</span></p>', "<p>Seen</p>"),
    ],
)
def test_text_that_was_deleted_struck_or_hidden_is_left_out(pasted, cleaned):
    assert clean_html(pasted) == cleaned


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ("3 × 10<sup>6</sup> litres", "3 × 10⁶ litres"),
        ("10<sup>&minus;3</sup>", "10⁻³"),
        ("40 m<sup><b>3</b></sup>", "40 m<strong>³</strong>"),
        ("52<sup>1, 2</sup> seats", "52¹, ² seats"),
        ("the 4<sup>th</sup> of July", "the 4th of July"),
        ("CO<sub>2</sub>", "CO₂"),
        ('10<span style="vertical-align:super">6</span>', "10⁶"),
        ("<sup>1</sup>/<sub>2</sub> cup", "½ cup"),
        ("5<sup>3</sup>⁄<sub>4</sub>", "5¾"),
        ("<sup>17</sup>&frasl;<sub>20</sub>", "¹⁷⁄₂₀"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> cup", "½ cup"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msub><mi>y</mi><mn>1</mn></msub></math>", "x²+y₁"),
        ("¹/₂ as typed", "¹/₂ as typed"),
        ("<style>.c5{vertical-align:super}</style>10<span class=c5>6</span>", "10⁶"),
        ("10<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>6</span>", "10⁶"),
        ("H<span style='position:relative;top:2.0pt;mso-text-raise:-2.0pt'>2</span>O", "H₂O"),
        ("10<span style='VERTICAL-ALIGN: super'>6</span>", "10⁶"),
        ("10<span style='mso-text-raise:0cm;vertical-align:baseline'>6</span>", "106"),
    ],
)
def test_superscripts_and_fractions_stay_true(pasted, cleaned):
    assert clean_html(pasted) == f"<p>{cleaned}</p>"


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ('Sirens now <img alt="🚨" src="https://example.org/1f6a8.svg"> stay inside', "Sirens now 🚨 stay inside"),
        ('<img alt="🇩🇪"> <img alt="❤️">', "🇩🇪 ❤️"),
        ('Logo: <img alt="A logo"><img alt="12">', "Logo:"),
        ("He said <q>no</q>.", "He said “no”."),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
    ],
)
def test_signs_that_markup_draws_are_kept(pasted, cleaned):
    assert clean_html(pasted) == f"<p>{cleaned}</p>"


@pytest.mark.parametrize(
    ("pasted", "start"),
    [
        ("<ol><li value=4>a</li><li>b</li></ol>", ' start="4"'),
        ("<ol start=2><li value=7>a</li><li>b</li></ol>", ' start="7"'),
        ("<ol><li>a</li><li value=7>b</li></ol>", ""),
        ("<ol start=3><li value=x>a</li><li>b</li></ol>", ' start="3"'),
    ],
)
def test_a_list_begins_with_the_number_of_its_first_item(pasted, start):
    assert clean_html(pasted) == f"<ol{start}><li><p>a</p></li><li><p>b</p></li></ol>"


@pytest.mark.parametrize("pasted", ["a&#13;b", "a&#10;b", "a &#13;&#10; b", "a\r\nb"])
def test_line_breaks_of_the_source_become_spaces(pasted):
    assert clean_html(pasted) == "<p>a b</p>"


def test_line_breaks_inside_an_address_are_left_out():
    link = clean_html("<a href='https://example.org/&#13;x' title='a&#13;b'>c</a>")

    assert link == '<p><a href="https://example.org/x" title="a b" rel="noopener noreferrer">c</a></p>'
    assert clean_html(link) == link
