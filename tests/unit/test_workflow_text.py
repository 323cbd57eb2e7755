"""Text for GitHub Actions: nothing quoted is obeyed, nothing important is dropped."""

import pytest

from kerrigan.report.workflow import SUMMARY_BYTES, Finding, annotations, log_text, output, summary


def obeyed(text: str) -> list[str]:
    """The lines in which the runner would see a command: `::` after white space, or `##[` anywhere."""
    return [line for line in text.splitlines() if line.strip().startswith("::") or "##[" in line]


@pytest.mark.parametrize(
    "hostile",
    ["::error::x", "  ::set-output name=a::b", "fine\r::stop-commands::x", "said ##[error]x", "\u00a0::x", "a\x85:::x"],
)
def test_log_text_holds_no_command(hostile: str) -> None:
    assert obeyed(hostile)
    assert obeyed(log_text(hostile)) == []


def test_log_text_leaves_ordinary_text_alone() -> None:
    ordinary = "std::vector at 12:20, see ## [Heading]\n\n  indented"
    assert log_text(ordinary) == ordinary


def test_half_a_character_can_be_printed() -> None:
    assert log_text("a\ud800b") == "a?b"


def test_an_annotation_is_one_line_and_one_command() -> None:
    finding = Finding("error", "a,b:c", "50% of\r\n::warning::it ##[error]", "hint", "spec, 1.md", 3, 7)
    assert annotations([finding]) == [
        "::error title=a%2Cb%3Ac,file=spec%2C 1.md,line=3,col=7::50%25 of%0D%0A::warning::it ## [error]%0Ahint"
    ]


def test_ten_annotations_of_a_level_and_the_last_counts_the_rest() -> None:
    errors = [Finding("error", "x", f"e{n}") for n in range(12)]
    lines = annotations([Finding("warning", "x", "w"), *errors])
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"]
    assert lines[8].endswith("::e8")
    assert "3 more" in lines[9]
    assert len(annotations(errors[:10])) == 10
    assert "more" not in annotations(errors[:10])[9]


def test_an_output_keeps_its_lines_and_cannot_end_itself() -> None:
    assert output("json", "a\nverdict=pass", "END7") == "json<<END7\na\nverdict=pass\nEND7\n"
    with pytest.raises(ValueError, match="delimiter"):
        output("json", "a\nEND7\nverdict=pass", "END7")


def test_the_summary_quotes_without_obeying() -> None:
    hostile = "<img src=x>\n\n# heading | cell `code` [link](javascript:x)"
    text = summary(hostile, hostile, [Finding("error", "x", hostile, hostile, hostile)], "")
    assert "<img" not in text
    assert "\n\n" not in text.rstrip()
    assert all(line.startswith("<") for line in text.splitlines() if line)


def test_the_summary_stays_below_what_github_shows() -> None:
    text = summary("check", "many", [Finding("error", "x", "é" * 400)] * 5000, "")
    assert SUMMARY_BYTES * 0.99 < len(text.encode()) < 1024 * 1024
    assert "more</td>" in text
