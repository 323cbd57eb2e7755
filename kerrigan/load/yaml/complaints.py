"""What is wrong with a text that is not YAML or JSON, in words that say what was found and what was expected."""

import json
import re
from collections.abc import Iterable, Iterator

import yaml

from kerrigan.load.yaml.nodes import MAX_DEPTH, TooLargeError, quotes
from kerrigan.model.checks.source import START, Diagnostic, Related, Severity, Span

_EXPECTED = {
    "mapping values are not allowed": "a text with ': ' in quotes, or a key at the indentation of its neighbours",
    "did not find expected key": "'key: value' at the indentation of the lines above",
    "did not find expected '-' indicator": "'- ' at the indentation of the entries above",
    "did not find expected node content": "a value",
    "could not find expected ':'": "':' and a value after the key",
    "expected ',' or ']'": "',' or ']' in the list that began before",
    "expected ',' or '}'": "',' or '}' in the mapping that began before",
    "but found another document": "one document in the file",
    "did not find expected <document start>": "a key at the first indentation, or the end of the file",
    "undefined alias": "an alias of something anchored above, or the text in quotes",
    "second occurrence": "an anchor of another name",
    "unknown escape character": "an escape that YAML knows; in single quotes a backslash is only a backslash",
    "cannot start any token": "a value that begins otherwise, or the text in quotes",
}
"""The composer's words to what belongs at the place instead."""

_NAMES = {
    "": "the end of the file",
    "\n": "the end of the line",
    "\r": "the end of the line",
    "\t": "a tab",
    "'": "a single quote",
}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STRING_OR_CONSTANT = re.compile(r'"(?:\\.|[^"\\])*"|(-?Infinity|NaN)')

_OURS, _BETWEEN, _THEIRS = (re.compile(rf"{mark * 7}(?: .*)?\r?") for mark in "<=>")


def not_yaml(path: str, text: str, error: yaml.YAMLError | ValueError, offset: int) -> Diagnostic:
    """The diagnostic of what the composer raised; `offset` is how many lines of the file lie before `text`."""
    if isinstance(error, TooLargeError):
        return complaint(path, error.code, str(error.problem), _at_mark(error.problem_mark, offset))
    if not isinstance(error, yaml.MarkedYAMLError):
        return _unprintable(path, text, offset)
    problem = str(error.problem)
    never_ends = "while scanning a quoted scalar" in str(error.context) and "escape" not in problem
    if swallowed := _swallowed(path, text, error.context_mark if never_ends else error.problem_mark, offset):
        return swallowed
    if never_ends:
        message = "found the end of the document inside a quoted text, expected its closing quote"
        return complaint(path, "syntax", message, _at_mark(error.context_mark, offset))
    found = named(_character(text, error.problem_mark))
    place, began = _at_mark(error.problem_mark, offset), _at_mark(error.context_mark, offset)
    is_elsewhere = error.context_mark is not None and began.line != place.line
    related = (Related(path, began, "it stands in what began here"),) if is_elsewhere else ()
    return Diagnostic("syntax", Severity.error, path, place, _sentence(problem, found), related=related)


def _swallowed(path: str, text: str, mark: yaml.Mark | None, offset: int) -> Diagnostic | None:
    """What stands right behind a quoted text of several lines: that text was meant to end on its first one, mostly."""
    found = _character(text, mark).strip()
    began = next((begin for begin, end in quotes(text) if mark and _ends_before(text, end, mark)), None)
    if began is None or not found:
        return None
    start, place = _at_mark(began, offset), _at_mark(mark, offset)
    message = f"found {named(found)} right behind the quoted text that began on line {start.line}, "
    message += "expected its closing quote there, or nothing behind it"
    related = (Related(path, start, "the quoted text began here"),)
    return Diagnostic("syntax", Severity.error, path, place, message, related=related)


def _ends_before(text: str, end: yaml.Mark, mark: yaml.Mark) -> bool:
    return end.index <= mark.index and not text[end.index : mark.index].strip(" \t")


def not_json(path: str, text: str, error: ValueError | RecursionError) -> Diagnostic:
    """The diagnostic of what `json.loads` raised."""
    if isinstance(error, RecursionError):
        return complaint(path, "too-deep", f"found far more than {MAX_DEPTH} levels of nesting, expected fewer", START)
    if isinstance(error, json.JSONDecodeError):
        span = Span(error.lineno, error.colno, error.lineno, error.colno)
        message = f"found {named(text[error.pos : error.pos + 1])}; {error.msg[0].lower()}{error.msg[1:]}"
        return complaint(path, "syntax", f"this is not JSON: {message}", span)
    constant = next((m for m in _STRING_OR_CONSTANT.finditer(text) if m[1]), None)
    return complaint(path, "syntax", f"this is not JSON: {error}", at_index(text, constant.start() if constant else 0))


def unmerged(path: str, lines: Iterable[tuple[int, str]]) -> Diagnostic | None:
    """The diagnostic of the first conflict that a merge left in these lines, each with its number; None without one."""
    left = iter(lines)
    first = next((number for number, line in left if _OURS.fullmatch(line)), None)
    # Each looks on where the one before has ended: the three marks stand in this order.
    if first is None or not (_has(left, _BETWEEN) and _has(left, _THEIRS)):
        return None
    message = "a merge was not resolved: found conflict markers, expected the text without them"
    hint = "keep what is meant of both sides, and take out the lines '<<<<<<<', '=======' and '>>>>>>>'"
    return Diagnostic("syntax", Severity.error, path, Span(first, 1, first, 8), message, hint)


def _has(lines: Iterator[tuple[int, str]], mark: re.Pattern[str]) -> bool:
    return any(mark.fullmatch(line) for _, line in lines)


def complaint(path: str, code: str, message: str, span: Span) -> Diagnostic:
    """An error of a text as a whole."""
    return Diagnostic(code, Severity.error, path, span, message)


def named(character: str) -> str:
    """A character as a message calls it."""
    if character in _NAMES:
        return _NAMES[character]
    return f"'{character}'" if character.isprintable() else f"the character U+{ord(character):04X}"


def at_index(text: str, index: int, offset: int = 0) -> Span:
    """The place of a character, by its index."""
    line, column = text.count("\n", 0, index) + 1 + offset, index - text.rfind("\n", 0, index)
    return Span(line, column, line, column + 1)


def _sentence(problem: str, found: str) -> str:
    if found == "a tab":
        return "found a tab, expected spaces"
    expected = next((expected for words, expected in _EXPECTED.items() if words in problem), None)
    return f"found {found}, expected {expected}" if expected else f"this is not YAML: {problem}"


def _unprintable(path: str, text: str, offset: int) -> Diagnostic:
    found = _UNPRINTABLE.search(text)
    span = at_index(text, found.start(), offset) if found else START
    character = named(found[0]) if found else "bytes"
    return complaint(path, "syntax", f"found {character}, expected text without control characters", span)


def _character(text: str, mark: yaml.Mark | None) -> str:
    return text[mark.index : mark.index + 1] if mark else ""


def _at_mark(mark: yaml.Mark | None, offset: int) -> Span:
    if mark is None:
        return START
    line, column = mark.line + 1 + offset, mark.column + 1
    return Span(line, column, line, column + 1)
