"""What patterns of paths stand for, against brute force over every small path."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.model.paths import fits, literal, outside, overlap, parse

NAMES = ["".join(letters) for length in (1, 2, 3) for letters in product("ab", repeat=length)]
PATHS = ["/".join(parts) for length in (1, 2, 3) for parts in product(NAMES, repeat=length)]
PARTS = st.one_of(st.just("**"), st.text("ab*", min_size=1, max_size=3).filter(lambda part: "**" not in part))
PATTERNS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)


def by_regex(pattern: str) -> re.Pattern[str]:
    """The same meaning, said in another way."""
    pattern = re.sub(r"(\*\*/)*\*\*$", "**", pattern)
    body, tail = (pattern[:-2], ".+") if pattern.endswith("**") else (pattern, "")
    words = re.sub(r"(\*\*/)|(\*)|([ab/])", lambda m: "(.+/)?" if m[1] else "[^/]*" if m[2] else m[3], body)
    return re.compile(words + tail)


@pytest.mark.parametrize(
    ("path", "pattern", "is_in"),
    [
        ("src/a.py", "src/*", True),
        ("docs/srcery.md", "src/*", False),
        ("src/deep/a.py", "src/*", False),
        ("src/deep/a.py", "src/**", True),
        ("src/a.py", "src/**", True),
        ("src", "src/**", False),
        ("src/a.py", "src/", True),
        ("srcery/a.py", "src/", False),
        ("a/b/c.md", "**/*.md", True),
        ("c.md", "**/*.md", True),
        ("c.mdx", "**/*.md", False),
        (".github/workflows/ci.yml", ".github/**", True),
        ("SRC/a.py", "src/*", False),
        ("a/x/y/b", "a/**/b", True),
        ("a/b", "a/**/b", True),
        ("what?.md", "what?.md", True),
        ("whats.md", "what?.md", False),
        ("src/*", "src/a", False),
        ("src/é.py", "src/*.py", True),
    ],
)
def test_a_path_fits_what_the_pattern_means(path: str, pattern: str, is_in: bool) -> None:
    assert fits(path, pattern) is is_in


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("src/*", "docs/srcery.md", False),
        ("src/*.py", "src/a*", True),
        ("src/*.py", "src/*.md", False),
        ("src/**", "**/test_*.py", True),
        ("docs/openapi.yml", "docs/openapi.yml", True),
        ("docs", "docs/openapi.yml", False),
        ("docs/", "docs/openapi.yml", True),
        ("**", "anything", True),
        ("*a", "b*", True),
    ],
)
def test_patterns_overlap_both_ways_round(one: str, other: str, meets: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is meets


@settings(max_examples=300)
@given(PATTERNS, st.sampled_from(PATHS))
def test_what_fits_is_what_brute_force_says(pattern: str, path: str) -> None:
    assert fits(path, pattern) == (by_regex(pattern).fullmatch(path) is not None)


SMALL = st.lists(
    st.one_of(st.just("**"), st.sampled_from(["a", "b", "*", "a*", "*b", "a*b", "*a*"])), min_size=1, max_size=2
)


@settings(max_examples=200)
@given(SMALL.map("/".join), SMALL.map("/".join))
def test_an_overlap_is_a_path_that_fits_both(one: str, other: str) -> None:
    both = any(fits(path, one) and fits(path, other) for path in PATHS)
    assert overlap(one, other) == both


def test_the_literal_part_is_what_every_path_begins_with() -> None:
    assert literal(parse("src/api/*.py")) == parse("src/api")
    assert literal(parse("**")) == ()
    assert literal(parse("docs/openapi.yml")) == parse("docs/openapi.yml")


def test_what_lies_outside() -> None:
    assert outside(["src/a.py", "docs/a.md", ".env"], ["src/**", "docs/*.md"]) == (".env",)
    assert outside([], []) == ()
