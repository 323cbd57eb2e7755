"""Every page can be reached, every link and anchor leads somewhere, and every command can be typed.

This reads the pages with plain Python. `.ci/run` builds the site from them as well, where a warning is an error.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import click
import pytest

from kerrigan.cli.main import kerrigan
from kerrigan.model.state import Status

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SOURCE = re.compile(r"https://github\.com/kerrigan-dev/kerrigan/(?:blob|tree)/main/([^)\s#]+)(#\S*)?")
PAGES = sorted(DOCS.rglob("*.md"))
OTHERS = sorted({*ROOT.glob("*.md"), *ROOT.glob("*/README.md")} - {DOCS / "README.md"})
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1?\2`*\s*$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:\$ )?((?:[A-Z_]+=\S+ )?kerrigan [a-z].*)$", re.MULTILINE)
LIST = re.compile(r"(?:[*-]|\d+\.) ")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """A page without its code blocks and code spans."""
    return re.sub(r"`[^`\n]+`", "", FENCE.sub("", path.read_text(encoding="utf-8")))


@cache
def anchors(path: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: list[str] = []
    for heading in re.findall(r"^#+ +(.+?) *$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return frozenset(found)


def lost(path: Path) -> Iterator[str]:
    """The links of a page that lead nowhere."""
    for link in LINK.findall(prose(path)):
        inside = SOURCE.fullmatch(link)
        if "://" in link and not inside:
            continue
        place, _, anchor = link.partition("#")
        target = ROOT / inside[1] if inside else path.parent / place if place else path
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target.resolve())):
            yield link


@pytest.mark.parametrize("path", [*PAGES, *OTHERS], ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    assert list(lost(path)) == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_what_a_page_of_the_site_links_to_is_in_the_site(path: Path) -> None:
    relative = [link.partition("#")[0] for link in LINK.findall(prose(path)) if "://" not in link]
    outside = [link for link in relative if link and not (path.parent / link).resolve().is_relative_to(DOCS)]
    assert outside == [], "name the file by its address on GitHub: the site does not have it"


def test_the_files_that_the_recipes_name_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = {path for path in re.findall(r"`([\w.-]+/[\w./-]*)`", text) if not path.startswith("build/")}
    assert len(named) > 20
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_the_glossary_has_every_status() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    [row] = [line for line in text.split("\n") if line.startswith("| status |")]
    assert [status for status in Status if not re.search(rf"\b{status}\b", row)] == []


def test_the_glossary_has_a_term_once() -> None:
    terms = re.findall(r"^\| ([\w ]+) \| [A-Z0-9`]", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(terms) > 50
    assert len(set(terms)) == len(terms)


def navigation(entry: object) -> Iterator[str]:
    """The pages of a navigation, in its order."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, list | dict):
        for below in entry if isinstance(entry, list) else entry.values():
            yield from navigation(below)


def test_each_page_is_once_in_the_navigation() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(navigation(site["nav"])) == sorted(path.relative_to(DOCS).as_posix() for path in PAGES)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_list_begins_after_an_empty_line(path: Path) -> None:
    """The site's reader of Markdown takes a list that follows a paragraph for a part of it."""
    lines = FENCE.sub("", path.read_text(encoding="utf-8")).split("\n")
    begun = [after for before, after in pairwise(lines) if LIST.match(after) and is_text(before)]
    assert begun == []


def is_text(line: str) -> bool:
    return bool(line) and not LIST.match(line) and not line.startswith((" ", "#", "|", "<"))


def commands(path: Path) -> Iterator[str]:
    """Every command of Kerrigan in the code blocks of a page."""
    for block in FENCE.finditer(path.read_text(encoding="utf-8")):
        if block[0].lstrip().startswith(("```sh", "```console", "```\n")):
            yield from COMMAND.findall(block[0])


TYPED = sorted({(name(path), line) for path in [*PAGES, *OTHERS] for line in commands(path)})


@pytest.mark.parametrize(("path", "line"), TYPED)
def test_a_command_can_be_typed(path: str, line: str) -> None:
    words = shlex.split(re.sub(r"\$(?:\$|\w+)", "1", re.split(r" (?:&&|\||>|;) |; ", line)[0]), comments=True)
    words = words[words.index("kerrigan") + 1 :]
    group: click.Group = kerrigan
    with click.Context(kerrigan) as context:
        command = group.get_command(context, words[0])
        assert command, f"{path}: kerrigan has no command {words[0]}"
        command.make_context(words[0], words[1:], parent=context)
