"""`kerrigan check --fix`: what is safe is fixed, byte for byte nothing else changes, and what would harm is left."""

import shutil
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kerrigan.apply.checks.fix import apply_fixes, write
from kerrigan.apply.checks.options import CheckOptions, fix, preview
from kerrigan.apply.checks.run import check_tree
from kerrigan.errors import UnreadableError
from kerrigan.git.repo import git
from kerrigan.report.findings.diff import diff

SPEC = "---\nkerrigan: 7\n---\n# Todo\n\nA list.\n"
HEAD = "kerrigan: 7\ntasks:\n"
FIRST = "  - {id: a, title: First, role: swe}\n"
NEEDS = "  - id: b\n    title: Second\n    role: swe\n    depends_on:\n"
FOLDER = "specs/projects/todo"
CASES = sorted(folder for folder in (Path(__file__).parent / "cases").iterdir() if folder.is_dir())
Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Write:
    """Writes the texts of a project's files, by name, and returns the folder of the tree."""

    def make(tasks: str = HEAD + FIRST, **others: str) -> Path:
        folder = tmp_path / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        files = {"spec.md": others.get("spec", SPEC), "tasks.yml": tasks}
        files |= {"status.json": others["status"]} if "status" in others else {}
        for name, text in files.items():
            folder.joinpath(name).write_bytes(text.encode())
        return tmp_path

    return make


def after(root: Path, name: str = "tasks.yml") -> str:
    fix(CheckOptions(root))
    return (root / FOLDER / name).read_bytes().decode()


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (HEAD + "  - {id: a, titel: First, role: swe}\n", HEAD + "  - {id: a, title: First, role: swe}\n"),
        (HEAD + "  - {id: a, Title: First, role: swe}\n", HEAD + FIRST),
        (HEAD + "  - {id: a, 'titel': First, role: swe}\n", HEAD + "  - {id: a, 'title': First, role: swe}\n"),
        (HEAD + "  - {id: a, title: 12, role: swe}\n", HEAD + '  - {id: a, title: "12", role: swe}\n'),
        (HEAD + "  - {id: a, title: 1.10, role: swe}\n", HEAD + '  - {id: a, title: "1.10", role: swe}\n'),
        (HEAD + "  - {id: a, title: true, role: swe}\n", HEAD + '  - {id: a, title: "true", role: swe}\n'),
        ("kerrigan: '7'\ntasks:\n" + FIRST, HEAD + FIRST),
        (HEAD + FIRST[:-2] + ", estimate: {usd: '2.5'}}\n", HEAD + FIRST[:-2] + ", estimate: {usd: 2.5}}\n"),
        (HEAD + FIRST[:-2] + ", risk: HIGH}\n", HEAD + FIRST[:-2] + ", risk: high}\n"),
        (HEAD + FIRST[:-2] + ', risk: "Low"}\n', HEAD + FIRST[:-2] + ', risk: "low"}\n'),
        (HEAD + FIRST + NEEDS + "      - #12\n", HEAD + FIRST + NEEDS + '      - "#12"\n'),
        (HEAD + FIRST + NEEDS + "      - #12  # why\n", HEAD + FIRST + NEEDS + '      - "#12"  # why\n'),
        (HEAD + FIRST + NEEDS + "      - ~ #12\n", HEAD + FIRST + NEEDS + '      - "~#12"\n'),
        (HEAD + FIRST + NEEDS + "      - external: x y\n", HEAD + FIRST + NEEDS + '      - "external: x y"\n'),
        (HEAD + FIRST + NEEDS + "      - external: 'x \"y'\n", HEAD + FIRST + NEEDS + '      - "external: x \\"y"\n'),
        (HEAD + FIRST + NEEDS + "      - a\n      - a\n", HEAD + FIRST + NEEDS + "      - a\n"),
        (HEAD + FIRST + NEEDS + "      - a\n      - todo/a\n", HEAD + FIRST + NEEDS + "      - a\n"),
        (HEAD + FIRST + NEEDS + "      [a, ~a , '#3']\n", HEAD + FIRST + NEEDS + "      [a , '#3']\n"),
    ],
)
def test_what_is_safe_is_mended(project: Write, bad: str, good: str) -> None:
    root = project(bad)
    assert check_tree(root).diagnostics
    assert after(root) == good
    assert not check_tree(root).diagnostics


def test_the_front_matter_of_an_outline_is_mended_in_its_file(project: Write) -> None:
    root = project()
    config, bad = root / ".github/kerrigan.yml", "\ufeff---\r\nkerrigan: '7'\r\n---\r\n## Milestone 1\r\nAll.\r\n"
    config.parent.mkdir()
    config.write_text(f"check: {{artifacts: [{{glob: {FOLDER}/plan.md, schema: 'kerrigan:plan'}}]}}\n")
    (root / FOLDER / "plan.md").write_bytes(bad.encode())
    assert after(root, "plan.md") == bad.replace("'", "")
    assert not check_tree(root).diagnostics


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(HEAD + "  - {id: a, titel: A, title: B, role: swe}\n", id="taken"),
        pytest.param(HEAD + "  - {id: a, titel: A, tilte: B, role: swe}\n", id="two that may be meant"),
        pytest.param(HEAD + "  - {id: a, titel: 12, role: swe}\n", id="another finding would come"),
        pytest.param(HEAD + FIRST[:-2] + ", colour: red}\n", id="nothing is near"),
        pytest.param(HEAD + FIRST[:-2] + ", risk: highest}\n", id="no value is the same"),
        pytest.param(HEAD + FIRST + NEEDS + "      - # the contract\n", id="a comment"),
        pytest.param(HEAD + FIRST + NEEDS + "      - #12 and #13\n", id="a sentence"),
        pytest.param(HEAD + FIRST + NEEDS + "      - ~\n", id="nothing at all"),
        pytest.param(HEAD + FIRST + NEEDS + "      - web: #3\n", id="a repository that is not listed"),
        pytest.param(HEAD + FIRST + NEEDS + "      - a\n      - a  # why twice\n", id="with a comment"),
        pytest.param(HEAD + FIRST + NEEDS + "      - ~a\n      - a\n", id="the hard one counts"),
        pytest.param(HEAD + FIRST + NEEDS + "      - &x a\n      - *x\n", id="an alias"),
        pytest.param("kerrigan: 7\ntasks: [\n", id="broken"),
        pytest.param("kerrigan: '8'\ntasks:\n" + FIRST, id="another format"),
    ],
)
def test_what_is_not_safe_stays_as_it_is(project: Write, bad: str) -> None:
    root = project(bad)
    assert check_tree(root).diagnostics
    assert after(root) == bad


def test_comments_order_line_ends_marks_and_indentation_stay(project: Write) -> None:
    bad = "\ufeff# plan\r\nkerrigan: 7\r\ntasks:\r\n   -   id:   a #\r\n       titel: A\r\n       role: swe\r\n# end"
    root = project(bad)
    assert after(root) == bad.replace("titel", "title")


def test_front_matter_and_json_are_mended_too(project: Write) -> None:
    spec = "---\r\nkerrigan: '7'\r\nbudget: {usd: \"25\"}\r\n---\r\n# Todo\r\n\r\nA list: `kerrigan: '7'`.\r\n"
    status = '{\n\t"status": "Active",\n\t"current_phase"  :"SPEC", "last_updated": 2026\n}'
    root = project(spec=spec, status=status)
    left = fix(CheckOptions(root))
    assert (root / FOLDER / "spec.md").read_bytes().decode() == spec.replace("'7'\r", "7\r").replace('"25"', "25")
    fixed = status.replace("Active", "active").replace("SPEC", "spec")
    assert (root / FOLDER / "status.json").read_text() == fixed
    assert {found.code for found in left.diagnostics} == {"wrong-type"}


def test_what_touches_waits_for_the_next_round_and_one_that_harms_does_not_stop_the_others(project: Write) -> None:
    tasks = HEAD + FIRST + NEEDS + "      [a, a, a, a]\n" + "  - {id: c, titel: 12, role: swe, risk: LOW}\n"
    root = project(tasks)
    assert after(root) == tasks.replace("[a, a, a, a]", "[a]").replace("LOW", "low")


def test_a_preview_writes_nothing_and_shows_the_same_difference(project: Write) -> None:
    bad = HEAD + "  - {id: a, titel: First, role: swe}\n"
    root = project(bad)
    shown = preview(CheckOptions(root))
    assert (root / FOLDER / "tasks.yml").read_text() == bad
    assert (len(shown.diagnostics), len(shown.fixed)) == (1, 0)
    done = fix(CheckOptions(root))
    assert done.diff == shown.diff
    assert done.diff.splitlines()[-2:] == [
        "-  - {id: a, titel: First, role: swe}",
        "+  - {id: a, title: First, role: swe}",
    ]
    assert ([found.code for found in done.fixed], list(done.diagnostics)) == (["unknown-key"], [])


def test_the_command_offers_what_it_has_not_tried_yet(project: Write) -> None:
    root = project(HEAD + "  - {id: a, titel: First, role: swe}\n  - {id: b, titel: 12, role: swe}\n")

    def said(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "kerrigan", "check", *words]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    assert said() == (1, "2 can be fixed automatically: kerrigan check --fix --dry-run\n")
    assert said("--fix", "--dry-run") == (1, "2 can be fixed automatically: nothing is written yet\n")
    assert said("--fix") == (1, "")
    assert said("--quiet") == (1, "")
    code, refusal = said("--dry-run")
    assert (code, "--dry-run is for --fix" in refusal) == (2, True)


def test_only_what_was_asked_about_is_mended(project: Write) -> None:
    bad = HEAD + "  - {id: a, titel: First, role: swe}\n"
    root = project(bad)
    other = root / "specs/projects/other"
    other.mkdir()
    other.joinpath("spec.md").write_text(SPEC)
    other.joinpath("tasks.yml").write_text(bad)
    fix(CheckOptions(root, project="other"))
    assert (root / FOLDER / "tasks.yml").read_text() == bad
    assert "title" in other.joinpath("tasks.yml").read_text()


def test_a_link_stays_a_link_and_a_mode_stays(project: Write) -> None:
    root = project(HEAD + "  - {id: a, titel: First, role: swe}\n")
    tasks = root / FOLDER / "tasks.yml"
    real = root / "real.txt"
    tasks.rename(real)
    real.chmod(0o640)
    tasks.symlink_to("../../../real.txt")
    assert "title" in after(root)
    assert tasks.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_what_changed_meanwhile_or_leads_out_is_not_written(
    project: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bad = HEAD + "  - {id: a, titel: First, role: swe}\n"
    root = project(bad)
    fixed = apply_fixes(check_tree(root))
    tasks = root / FOLDER / "tasks.yml"
    tasks.write_text(bad + "# more\n")
    with pytest.raises(UnreadableError, match="has changed since"):
        write(root, fixed)
    outside = tmp_path_factory.mktemp("outside") / "tasks.yml"
    outside.write_text(bad)
    tasks.unlink()
    tasks.symlink_to(outside)
    with pytest.raises(UnreadableError, match="leads out of the tree"):
        write(root, fixed)
    assert outside.read_text() == bad
    tasks.unlink()
    with pytest.raises(UnreadableError, match="No such file"):
        write(root, fixed)


def test_a_difference_ends_as_its_texts_do_and_commands_no_terminal() -> None:
    said = diff({"a": "x\u2028y\n\x1b[2Jold\r\nend"}, {"a": "x\u2028y\n\x1b[2Jnew\r\nend"})
    assert said.split("\n")[2:] == [
        "@@ -1,3 +1,3 @@", " x\u2028y", "- [2Jold\r", "+ [2Jnew\r", " end", "\\ No newline at end of file",
    ]  # fmt: skip
    assert diff({"a": "same"}, {"a": "same"}) == ""


KEYS = (
    "    titel: x\n",
    "    'titel': 3\n",
    "    titel: &x\n      1.10\n",
    "    title: 12\n",
    "    ? Title\n    : 1.10\n",
    "    role: swe\n",
    "    rol: swe\n",
    "    risk: HIGH # why\n",
    '    risk: "Low"\n',
    "    estimate: {usd: '2'}\n",
    "    depends_on: [a, a, b, 'a', ~a, external: it]\n",
    "    depends_on:\n      - a\n      - #12\n      - external: it\n      - ~ #3 # why\n      - a\n",
    "    description: |\n      titel: x\n",
    "# why\n\n",
)
TEXTS = st.builds(
    lambda tasks, end, mark: (
        mark
        + (HEAD + "".join(f"  - id: {'abcd'[n]}\n{''.join(keys)}" for n, keys in enumerate(tasks))).replace("\n", end)
    ),
    st.lists(st.lists(st.sampled_from(KEYS), unique=True, max_size=8), max_size=4),
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from(("", "\ufeff")),
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_whatever_the_text_is_a_fix_never_makes_it_worse(project: Write, text: str) -> None:
    root = project(text)
    before = check_tree(root)
    fixed = apply_fixes(before)
    write(root, fixed)
    after = check_tree(root)
    left = Counter((found.code, found.path, found.message) for found in before.diagnostics)
    left.subtract((found.code, found.path, found.message) for found in fixed.fixed)
    # Others may be gone with it: an entry that is taken out may have been wrong in more ways than one.
    assert not Counter((found.code, found.path, found.message) for found in after.diagnostics) - left


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_case_gets_worse_and_its_difference_is_one_that_git_applies(case: Path, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    shutil.copytree(case, root, symlinks=True)
    before = Counter((found.code, found.path) for found in check_tree(root).diagnostics)
    fixed = apply_fixes(check_tree(root))
    patch = diff(fixed.before, fixed.after)
    write(root, fixed)
    after = Counter((found.code, found.path) for found in check_tree(root).diagnostics)
    assert after + Counter((found.code, found.path) for found in fixed.fixed) == before
    assert not apply_fixes(check_tree(root)).fixed
    if patch:
        other = tmp_path / "other"
        shutil.copytree(case, other, symlinks=True)
        git("init", "-q", ".", cwd=other)
        git("apply", "--whitespace=nowarn", "-", cwd=other, stdin=f"{patch}\n".encode())
        for path, text in fixed.after.items():
            assert (other / path).read_bytes().decode() == text
