"""Every value knows its place, whatever the text is written like; and no text is too bad to be answered."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.load.documents import headings, parse_front_matter, parse_json, parse_yaml
from kerrigan.model.checks.source import START, Document, Route, Span


def place(document: Document, route: Route) -> str:
    """The text at a value's span, cut out by its lines and columns."""
    return cut(document.text, document.positions.value(route))


def cut(text: str, span: Span) -> str:
    lines = text.replace("\r\n", "\n").split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


PLAN = """\
# 😀 the plan
kerrigan: 7
tasks:
  - id: contract
    title: "Größe 😀 zählt"
    depends_on: [a, "~b", 'c']
  - {id: screen, paths: [x,   y]}
"""


@pytest.mark.parametrize("text", [PLAN, PLAN.replace("\n", "\r\n")], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    ("route", "expected"),
    [
        (("kerrigan",), "7"),
        (("tasks", 0, "title"), '"Größe 😀 zählt"'),
        (("tasks", 0, "depends_on", 1), '"~b"'),
        (("tasks", 0, "depends_on"), "[a, \"~b\", 'c']"),
        (("tasks", 1, "paths", 1), "y"),
        (("tasks", 1, "nothing", 3), "{id: screen, paths: [x,   y]}"),
        (("tasks", 0), "id"),
    ],
)
def test_a_yaml_value_has_its_place(text: str, route: Route, expected: str) -> None:
    assert place(parse_yaml("tasks.yml", text), route) == expected


def test_a_key_has_its_place_and_an_entry_of_a_list_its_values() -> None:
    document = parse_yaml("tasks.yml", PLAN)
    assert cut(PLAN, document.positions.key(("tasks", 0, "title"))) == "title"
    assert cut(PLAN, document.positions.key(("tasks", 0, "depends_on", 0))) == "a"
    assert document.positions.key(("tasks", 0, "title")) == Span(5, 5, 5, 10)


def test_a_separator_that_only_yaml_takes_for_a_line_break_moves_no_place() -> None:
    assert parse_yaml("a.yml", "a: x\u2028y\nb: 1\n").positions.value(("b",)) == Span(2, 4, 2, 5)


def test_a_key_of_a_large_mapping_is_found() -> None:
    document = parse_yaml("a.yml", "".join(f"k{n}: {n}\n" for n in range(500)))
    assert document.positions.value(("k321",)) == Span(322, 7, 322, 10)


JSON = '{\r\n\t"a\\/b": "\\ud83d\\ude00", "😀": [true,\t-1.5e3],\r\n\t"status": "blocked"\r\n}'


@pytest.mark.parametrize(
    ("route", "expected"), [(("status",), '"blocked"'), (("😀", 1), "-1.5e3"), (("a/b",), '"\\ud83d\\ude00"')]
)
def test_a_json_value_has_its_place(route: Route, expected: str) -> None:
    assert place(parse_json("status.json", JSON), route) == expected


def test_front_matter_has_the_places_of_the_whole_file() -> None:
    document = parse_front_matter("spec.md", "\ufeff---\r\nkerrigan: 7\r\nbudget: {usd: 2}\r\n---\r\n# Title\r\n")
    assert document.data == {"kerrigan": 7, "budget": {"usd": 2}}
    assert document.positions.value(("budget", "usd")) == Span(3, 15, 3, 16)


@pytest.mark.parametrize("text", ["", "# Title\n", "text\n---\na: 1\n---\n", "---\n---\n# Title\n", "----\n"])
def test_without_front_matter_there_is_no_data(text: str) -> None:
    document = parse_front_matter("spec.md", text)
    assert (document.data, document.diagnostics) == (None, ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("012", "012"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-01-15", "2026-01-15"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("'7'", "7"),
        ("7", 7),
        ("-7.50", -7.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("!!python/name:os.system 1", 1),
    ],
)
def test_only_what_json_knows_is_special(written: str, meant: object) -> None:
    data = parse_yaml("a.yml", f"a: {written}\n").data
    assert isinstance(data, dict)
    assert (data["a"], type(data["a"])) == (meant, type(meant))


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "words"),
    [
        ("a:\n\t- b", "syntax", 2, 1, "found a tab, expected spaces"),
        ("a: b: c", "syntax", 1, 5, "found ':', expected"),
        ("a: 1\n- b", "syntax", 2, 1, "found '-', expected 'key: value'"),
        ("a: [1,\nb: 3\n", "syntax", 3, 1, "expected ',' or ']'"),
        ("b: 2\na: 'x\nc: 2\n", "syntax", 2, 4, "expected its closing quote"),
        ("a: *x", "syntax", 1, 4, "found '*', expected an alias of something anchored"),
        ("a: @x", "syntax", 1, 4, "in quotes"),
        ("a: 1\n---\nb: 1\n", "syntax", 2, 1, "one document"),
        ("a: 1\nb: x\0y", "syntax", 2, 5, "U+0000"),
        ("a: \ud800", "syntax", 1, 4, "U+D800"),
        ("a: {{ x }}", "syntax", 1, 5, "braces in quotes"),
        ("a: 1\nb: 2\na: 3", "duplicate-key", 3, 1, "'a' is written twice"),
        ("[" * 100_000, "too-deep", 1, 101, "100 levels"),
        ("- " * 100_000, "too-deep", 1, 201, "100 levels"),
        ("? " * 100_000, "too-deep", 1, 201, "100 levels"),
        ("a: &a [*a]", "too-deep", 1, 4, "alias of itself"),
        (BOMB, "too-large", 1, 32, "500,000 values"),
    ],
    ids=str.split("tab mapping dash flow quote alias at two nul surrogate braces duplicate deep dashes keys loop bomb"),
)
def test_bad_yaml_gets_one_diagnostic_at_its_place(text: str, code: str, line: int, column: int, words: str) -> None:
    (found,) = parse_yaml("a.yml", text).diagnostics
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "words"),
    [
        ("", "syntax", 1, 1, "found the end of the file"),
        ('{"a": 1,\n}', "syntax", 2, 1, "found '}'"),
        ("{'a': 1}", "syntax", 1, 2, "found a single quote"),
        ('{"NaN":\n NaN}', "syntax", 2, 2, "found NaN, expected a number"),
        ('{"a": "\\\\ud800 \\ud83d\\ude00 \\ud800"}', "half-character", 1, 29, "half of a character"),
        ('{"a": 1, "a": 2}', "duplicate-key", 1, 10, "'a' is written twice"),
        ('{"a":' * 200 + "1" + "}" * 200, "too-deep", 1, 501, "100 levels"),
        ("[" * 100_000, "too-deep", 1, 1, "100 levels"),
    ],
    ids=str.split("empty comma quotes nan surrogate duplicate deep deeper"),
)
def test_bad_json_gets_one_diagnostic_at_its_place(text: str, code: str, line: int, column: int, words: str) -> None:
    (found,) = parse_json("status.json", text).diagnostics
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "place", "began"),
    [
        ('a: 1\nb: "x\nc: "y"\n', (3, 5), (2, 4)),
        ("- 'x\n- don't\n", (2, 7), (1, 3)),
        ('a: "x\nb: ""\n', (2, 5), (1, 4)),
        ('{a: "x",\n b: "y,\n c: "z"}', (3, 6), (2, 5)),
    ],
)
def test_a_quote_that_is_not_closed_is_named_where_the_next_one_ends_it(
    text: str, place: tuple[int, int], began: tuple[int, int]
) -> None:
    (found,) = parse_yaml("a.yml", text).diagnostics
    assert (found.span.line, found.span.column) == place
    assert f"the quoted text that began on line {began[0]}, expected its closing quote" in found.message
    assert [(other.span.line, other.span.column) for other in found.related] == [began]


@pytest.mark.parametrize("text", ['a: b: c\nd: "x\n  y"\n', 'a: "x\n  y"\n- b\n', 'a: "x" y\n'])
def test_a_quoted_text_elsewhere_is_not_blamed(text: str) -> None:
    (found,) = parse_yaml("a.yml", text).diagnostics
    assert "quoted text" not in found.message


def test_of_two_equal_keys_the_last_counts_and_the_first_is_named() -> None:
    for document in (parse_yaml("a", "{a: 1,\n a: 2}"), parse_json("a", '{"a": 1,\n "a": 2}')):
        assert document.data == {"a": 2}
        assert document.positions.value(("a",)).line == 2
        assert [(other.span.line, other.span.column) for other in document.diagnostics[0].related] == [(1, 2)]


def test_front_matter_that_is_not_closed_says_so() -> None:
    (found,) = parse_front_matter("spec.md", "---\nkerrigan: 7\n# Title\n").diagnostics
    assert (found.code, found.span) == ("syntax", START)
    assert "expected a line '---'" in found.message


def test_front_matter_that_is_wrong_says_where_in_the_file() -> None:
    (found,) = parse_front_matter("spec.md", "---\nkerrigan: 7\na: @b\n---\n").diagnostics
    assert (found.span.line, found.span.column) == (3, 4)


def test_headings_are_those_that_a_reader_sees() -> None:
    text = (
        "---\n# a comment of the front matter\n---\n# One\r\n<!--\n# Hidden -->\n"
        "````\n# Code\n```\n````\n~~~ text\n# Code\n~~~\n  ## Two ##\n####### no\n#no\ntext <!-- # -->\n### C# #\n# #\n"
    )
    assert headings(text) == ((1, "One", 4), (2, "Two", 14), (3, "C#", 18))


PIECES = st.lists(
    st.sampled_from(
        ["---\n", "- ", "a: ", "  ", "\t", "[", "{", "]", "}", "&a ", "*a", "? ", "|\n", '"', "'", "#", "\r\n"]
    )
    | st.text(max_size=5)
).map("".join)


@pytest.mark.parametrize("parse", [parse_yaml, parse_json, parse_front_matter])
@settings(max_examples=150)
@given(text=PIECES | st.text(alphabet=st.characters(), max_size=30))
def test_no_text_is_too_bad_to_be_answered(parse: Callable[[str, str], Document], text: str) -> None:
    document = parse("a", text)
    assert document.data is None or isinstance(document.data, dict | list | str | int | float)
    for found in document.diagnostics:
        assert 1 <= found.span.line <= text.count("\n") + text.count("\r") + 2
    headings(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a `<!--` in code", ["Seen"]),
        ("``x`` and `<!-- y`", ["Seen"]),
        ("a lone ` before <!-- a comment", []),
        ("`code` then <!-- a comment", []),
        ("<!-- one --> and `<!--`", ["Seen"]),
    ],
)
def test_a_comment_does_not_begin_in_code(line: str, expected: list[str]) -> None:
    assert [title for _, title, _ in headings(f"{line}\n# Seen\n")] == expected
