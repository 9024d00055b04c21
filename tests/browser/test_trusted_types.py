"""A reader's page refuses strings as markup, except from the one module that makes it."""

from tests.factories import make_event

WRITE = """() => {
  try { document.createElement("p").innerHTML = "<b>x</b>"; } catch (error) { return error.name; }
  return window.trustedTypes ? "written" : "TypeError";
}"""
POLICY = """() => {
  try { trustedTypes.createPolicy("mine", { createHTML: (html) => html }); } catch (error) { return error.name; }
}"""


def test_a_string_does_not_become_markup(open_page, site, watched, transactional_db):
    watched.expect_messages("TrustedHTML|trusted-types|Trusted Types|policy")
    page = open_page(f"{site.url}/{make_event().slug}/")

    assert [page.evaluate(WRITE), page.evaluate(POLICY)] == ["TypeError", "TypeError"]
