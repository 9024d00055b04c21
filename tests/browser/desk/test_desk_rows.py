"""The rows of the timeline: how many fit, and what is done to an update in its place."""

from tests.browser.desk.test_desk_confirmation import LAPTOP
from tests.factories import post_many

ROWS_IN_VIEW = """() => [...document.querySelectorAll("[data-rows] [data-row]")]
  .map((row) => row.querySelector("h3").getBoundingClientRect())
  .filter(({top, bottom}) => top >= 0 && bottom <= innerHeight).length"""
SMALL_TARGETS = """() => [...document.querySelectorAll("[data-rows] :is(.do a, .do button, summary, .when a)")]
  .filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect())
  .filter(({width, height}) => width < 24 || height < 24).length"""


def test_ten_rows_fit_on_a_laptop(sit, event, tomas):
    post_many(event, 14)
    page = sit(tomas, **LAPTOP)
    assert page.evaluate(ROWS_IN_VIEW) >= 10
    assert page.evaluate(SMALL_TARGETS) == 0
