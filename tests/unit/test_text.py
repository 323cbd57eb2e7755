"""Places in a text and changes of it: every character that is not meant stays."""

from hypothesis import given
from hypothesis import strategies as st

from kerrigan.model.checks.source import Edit, Span
from kerrigan.model.checks.text import Text, apart, edited


def test_lines_end_as_they_were_written_and_a_mark_at_the_begin_takes_no_column() -> None:
    text = Text("\ufeffone\r\ntwo\rthree\n")
    assert [text.line(number) for number in (1, 2, 3, 4)] == ["one", "two", "three", ""]
    assert text.at(Span(1, 2, 1, 4)) == "ne"
    assert edited(text, [Edit(Span(2, 1, 2, 4), "2"), Edit(Span(1, 1, 1, 4), "1")]) == "\ufeff1\r\n2\rthree\n"


def test_a_place_behind_the_end_is_the_end() -> None:
    assert edited(Text("a\nb"), [Edit(Span(2, 1, 3, 1), "")]) == "a\n"


def test_of_edits_that_touch_the_upper_one_is_first() -> None:
    text = Text("abcdef\n")
    edits = [Edit(Span(1, 3, 1, 5), "x"), Edit(Span(1, 1, 1, 3), "y"), Edit(Span(1, 6, 1, 7), "z")]
    assert [edit.text for edit in apart(text, edits)] == ["y", "z"]


@given(st.text("ab\r\n\ufeff😀", max_size=30), st.integers(0, 30), st.integers(0, 5))
def test_an_edit_changes_its_span_and_nothing_else(whole: str, begin: int, length: int) -> None:
    text = Text(whole)
    places = [(line, column) for line in range(1, 8) for column in range(1, 12)]
    reached = {text.index(*place): place for place in reversed(places)}
    found = [index for index in reached if begin <= index <= begin + length]
    for first, last in ((first, last) for first in found for last in found if first <= last):
        edit = Edit(Span(*reached[first], *reached[last]), "NEW")
        assert edited(text, [edit]) == whole[:first] + "NEW" + whole[last:]
