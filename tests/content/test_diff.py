"""What changed between two versions, found with a bounded number of steps."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from updates.content import diff
from updates.content.alignment import STEPS, Effort, aligned
from updates.content.diff import ChangedLine, Line, Piece, changed_lines, changed_words, compared_lines


def words(before, after):
    return [(piece.mark, piece.text) for piece in changed_words(before, after)]


def test_words_that_changed_stand_between_those_that_stayed():
    assert words("The gate holds at noon.", "The gate held at noon.") == [
        ("=", "The gate "), ("-", "holds"), ("+", "held"), ("=", " at noon."),
    ]  # fmt: skip


def test_figures_and_words_with_signs_are_not_divided():
    assert words("It’s 10,000 at -5", "It’s 12,000 at -7") == [
        ("=", "It’s "), ("-", "10,000"), ("+", "12,000"), ("=", " at "), ("-", "-5"), ("+", "-7"),
    ]  # fmt: skip


def test_words_compared_with_no_words_and_with_themselves():
    assert words("", "") == []
    assert words("same", "same") == [("=", "same")]
    assert words("", "new") == [("+", "new")]
    assert words("old", "") == [("-", "old")]


def test_lines_are_compared_with_those_of_their_part():
    before = [Line("headline", "Gate holds"), Line("text", "One"), Line("text", "Two")]
    after = [Line("headline", "Gate held"), Line("text", "One"), Line("text", "Three"), Line("credit", "Orsk")]

    assert changed_lines(before, after) == [
        ChangedLine("headline", (Piece("=", "Gate "), Piece("-", "holds"), Piece("+", "held"))),
        ChangedLine("text", (Piece("-", "Two"), Piece("+", "Three"))),
        ChangedLine("credit", (Piece("+", "Orsk"),)),
    ]
    assert compared_lines(before, after)[1] == ChangedLine("text", (Piece("=", "One"),))


ITEMS = st.lists(st.sampled_from("abc"), max_size=30)


@given(ITEMS, ITEMS)
@settings(max_examples=300, deadline=None)
def test_stretches_make_up_both_sides_and_alternate(old, new):
    stretches = list(aligned(old, new, Effort()))

    assert [item for _same, left, _right in stretches for item in left] == old
    assert [item for _same, _left, right in stretches for item in right] == new
    assert all(left == right if same else left != right for same, left, right in stretches)
    assert all(one[0] != other[0] for one, other in pairwise(stretches))


@given(ITEMS, ITEMS)
@settings(max_examples=100, deadline=None)
def test_alignment_finds_the_longest_common_part(old, new):
    same = sum(len(left) for is_same, left, _right in aligned(old, new, Effort()) if is_same)

    assert same == longest_common(old, new)


def longest_common(old, new):
    row = [0] * (len(new) + 1)
    for item in old:
        above, row = row, [0]
        for place, other in enumerate(new):
            row.append(above[place] + 1 if item == other else max(above[place + 1], row[place]))
    return row[-1]


def test_comparison_ends_after_a_number_of_steps_whatever_the_texts():
    letters = [Line("text", "abcdefgh"[number * number % 8]) for number in range(2_000)]
    others = [Line("text", "hgfedcba"[number * 3 % 8]) for number in range(2_000)]
    long = [Line("text", " ".join("ab"[(number >> 3) % 2] for number in range(40_000))), *letters]
    longer = [Line("text", " ".join("ba"[(number >> 2) % 2] for number in range(40_000))), *others]
    many, others_of_many = ([_half_another(letter, number) for number in range(30)] for letter in "ab")
    for before, after in ((letters, others), (long, longer), (many, others_of_many)):
        effort = Effort()

        list(diff._compared(before, after, effort))

        assert effort.steps > -len(before[0].text) - 1
    assert STEPS <= 500_000


def _half_another(letter, number):
    """A paragraph of which every second word is another one for each letter: many steps, and few changes at each."""
    return Line("text", " ".join(f"{letter}{word * number % 9}" if word % 2 else "x" for word in range(900)))


def test_texts_that_differ_too_much_count_as_replaced():
    before, after = " ".join("abcd" * 300), " ".join("wxyz" * 300)

    assert words(before, after) == [("-", before), ("+", after)]
