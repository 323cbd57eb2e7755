"""`Depends-on:` and `Kerrigan-Task:` lines in what people and other tools write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.load.github.trailers import MOST, depends_on, task_trailer
from kerrigan.model.forge.facts import Needs

HERE = "acme/web"


def targets(text: str) -> tuple[str, ...]:
    needs = depends_on(text, HERE)
    assert needs.unreadable == ()
    return needs.targets


@pytest.mark.parametrize(
    "line",
    [
        "Depends-on: acme/api#12",
        "depends-on: acme/api#12",
        "DEPENDS ON: acme/api#12",
        "Depends-On:acme/api#12",
        "Depends-on : acme/api#12",
        "**Depends-on:** acme/api#12",
        "**Depends on**: acme/api#12",
        "- Depends-on: acme/api#12",
        "  * Depends-on: acme/api#12",
        "1. Depends-on: acme/api#12",
        "- [ ] Depends-on: acme/api#12",
        "Depends-on: `acme/api#12`",
        "Depends-on: (acme/api#12).",
        "Depends-on: https://github.com/acme/api/pull/12",
        "Depends-on: https://GitHub.com/acme/api/issues/12",
        "Depends-on: <https://github.com/acme/api/pull/12/files#diff-0>",
        "Depends-on: https://github.com/acme/api/pull/12#issuecomment-1, acme/api#12",
        "Depends-on: [the endpoint](https://github.com/acme/api/pull/12)",
        "Depends-on: acme/api#12 and ACME/API#12",
        "Depends-on:\n- acme/api#12\n\n- not a dependency",
        "Depends-on:\n- [x] acme/api#12\nnot a dependency",
        "Fix it\r\n\r\nDepends-on: acme/api#12\r\nSigned-off-by: Ada <ada@example.com>\r\n",
    ],
)
def test_one_dependency_in_many_forms(line: str) -> None:
    assert targets(line) == ("acme/api#12",)


def test_a_number_alone_is_of_this_repository() -> None:
    assert targets("Depends-on: #12") == ("acme/web#12",)


@pytest.mark.parametrize(
    "line", ["#3, #1 and acme/api#2", "#3 #1 acme/api#2", "#3;#1, & acme/api#2", "#3,#1,acme/api#2"]
)
def test_several_on_one_line_keep_their_order(line: str) -> None:
    assert targets(f"Depends-on: {line}") == ("acme/web#3", "acme/web#1", "acme/api#2")


def test_several_lines_and_each_once() -> None:
    assert targets("Depends-on: #3\nWords.\n\n- Depends on: #1, #3\nDepends-on: acme/web#3") == (
        "acme/web#3",
        "acme/web#1",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "This depends on #12.",
        "It depends-on: #12",
        "Depends on #12",
        "Depends-on:",
        "Depends-on: none",
        "Depends-on: N/A",
        "> Depends-on: #12",
        "- > Depends-on: #12",
        "`Depends-on: #12`",
        "<!-- Depends-on: #12 -->",
        "<!--\nDepends-on: #12\n\nDepends-on: #13\n-->",
        "<!-- Depends-on: #12\n\nnever closed",
        "Say <!-- what\nDepends-on: #12 --> it is",
        "<!-- a --><!-- b\nDepends-on: #12\n-->",
        "```\nDepends-on: #12\n```",
        "~~~ text\nDepends-on: #12\n```\nDepends-on: #13\n~~~",
        "````\n```\nDepends-on: #12\n````",
        "- ```\n  Depends-on: #12\n  ```",
        "```\nDepends-on: #12",
    ],
)
def test_what_a_reader_does_not_see_as_a_line_is_none(text: str) -> None:
    assert depends_on(text, HERE) == Needs()


@pytest.mark.parametrize(
    "before",
    [
        "<!-- a template -->",
        "<!-- a\n\ntemplate -->\n",
        "text <!-- said\naside -->",
        "a `<!--` opens a comment that nothing closes",
        "a <!-- that is\n\nclosed in no paragraph --> is text",
        "```\n<!--\n```",
        "> ```",
        "```not``` a block",
        "```\ncode\n```",
        "- ```\n  code\n  ```",
        "1. text\n\n    ```sh\n    code\n    ```",
        "<!--\n```\n-->",
    ],
)
def test_what_is_hidden_ends_where_it_ends(before: str) -> None:
    assert targets(f"{before}\nDepends-on: #12") == ("acme/web#12",)


def test_a_line_is_read_around_its_comments() -> None:
    assert targets("<!-- one a line --> Depends-on: #1<!-- #2 -->, #3") == ("acme/web#1", "acme/web#3")


@pytest.mark.parametrize(
    "piece",
    [
        "12", "#", "#0", "#012", "#x", "api#12", "acme/api", "acme/api/web#12", "../..#12", "-acme/api#12", "#1x",
        "#12345678901", "GH-12", "https://example.com/acme/api/pull/12", "https://github.com/acme/api/commit/12",
        "https://github.com/acme/api", "https://github.com.example.com/acme/api/pull/12", "$(id)",
        "\N{FULLWIDTH NUMBER SIGN}12", "#\N{ARABIC-INDIC DIGIT ONE}",
    ],
)  # fmt: skip
def test_what_names_nothing_is_reported_and_the_rest_is_read(piece: str) -> None:
    assert depends_on(f"Depends-on: #1, {piece}, #2", HERE) == Needs(("acme/web#1", "acme/web#2"), (piece,))


def test_itself_is_reported() -> None:
    assert depends_on("Depends-on: #7, ACME/web#7 and #8", HERE, number=7) == Needs(
        ("acme/web#8",), ("#7 (itself)", "ACME/web#7 (itself)")
    )


def test_the_addresses_of_another_server() -> None:
    text = "Depends-on: https://git.acme.example/acme/api/pull/12 https://github.com/acme/api/pull/13"
    needs = depends_on(text, HERE, server="https://git.acme.example/")
    assert needs == Needs(("acme/api#12",), ("https://github.com/acme/api/pull/13",))


def test_the_longest_text_costs_a_bounded_number_of_looks() -> None:
    needs = depends_on("Depends-on: " + " ".join(f"#{n}" for n in range(1, 10_001)), HERE)
    assert needs.targets[-1] == f"acme/web#{MOST}"
    assert needs.unreadable == (f"10000 dependencies, of which {MOST} are read",)
    nonsense = depends_on("Depends-on: " + " ".join(f"word{n}" for n in range(5_000)) + " " + "x" * 60_000, HERE)
    assert len(nonsense.unreadable) <= MOST
    assert max(map(len, nonsense.unreadable)) <= 200


@pytest.mark.parametrize(
    "text", ["<!--", "`", "~~~\n", "a <!--\n", "[](", "- ", "> ", "* [ ] ", "Depends-on:\n", "#1,"]
)
def test_hostile_repetition_is_read_to_its_end(text: str) -> None:
    flood = text * (65_536 // len(text))
    assert isinstance(depends_on(flood, HERE), Needs)
    assert isinstance(depends_on(f"Depends-on: {flood}", HERE), Needs)


@given(st.text(alphabet="<!->`~#/:12 \n\tadepndso*[]()"))
def test_no_text_is_a_crash(text: str) -> None:
    needs = depends_on(text, HERE, number=1)
    assert "acme/web#1" not in needs.targets
    assert depends_on(f"{text}\n\n-->\n```\n\nDepends-on: #12", HERE) is not None


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Kerrigan-Task: todo/screen", "todo/screen"),
        ("kerrigan-task:todo/screen", "todo/screen"),
        ("Show the list\r\n\r\nKerrigan-Task: todo/screen\r\n", "todo/screen"),
        ("Kerrigan-Task: screen\nKerrigan-Task: todo/screen\nKerrigan-Task: todo/other", "todo/screen"),
        ("The Kerrigan-Task: todo/screen", None),
        ("Kerrigan-Task: todo/screen and more", None),
        ("Kerrigan-Task: ../..", None),
        ("<!-- Kerrigan-Task: todo/screen -->", None),
        ("```\nKerrigan-Task: todo/screen\n```", None),
        ("> Kerrigan-Task: todo/screen", None),
        ("", None),
    ],
)
def test_the_task_of_a_text(text: str, task: str | None) -> None:
    assert task_trailer(text) == task
