"""Projects of Milestones 1 to 6 as they were written: anyone who has them beside this repository can try them."""

import shutil
from pathlib import Path

import pytest

from kerrigan.apply.checks.run import check_tree
from kerrigan.apply.setup.imports import ImportOptions, prepare
from kerrigan.apply.setup.init import write
from kerrigan.load.foreign.assemble import none
from kerrigan.model.checks.source import Diagnostic

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "kerrigan"
MISSION = CORPUS.parent / "spec-kitty" / "kitty-specs" / "020-autonomous-multi-agent-orchestrator"
PROJECTS = ["hello-api", "hello-cli", "hello-swarm", "kerrigan", "pause-resume-demo", "validator-enhancement"]

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the projects of Milestones 1 to 6 are not at {CORPUS}")

TASKS = {
    "specs/projects/kerrigan/tasks.md": 40,
    "specs/projects/kerrigan/milestone-7-tasks.md": 86,
    "specs/projects/validator-enhancement": 15,
    "specs/projects/hello-swarm": 1,
    "specs/projects/hello-cli": 27,
    "specs/projects/hello-api": 47,
    "examples/hello-multiapp-infra": 42,
    "examples/hello-multiapp-frontend": 19,
    "examples/hello-multiapp-api": 18,
}
"""How many tasks each tasks.md has: its checkboxes, counted with grep."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy to break."""
    shutil.copytree(CORPUS, tmp_path / "old")
    return tmp_path / "old"


def errors(root: Path) -> list[tuple[str, str]]:
    return [(d.code, d.path) for d in _found(root) if d.severity == "error"]


def _found(root: Path) -> tuple[Diagnostic, ...]:
    return tuple(check_tree(root).diagnostics)


def test_every_old_project_passes_unchanged() -> None:
    checked = check_tree(CORPUS)
    assert list(checked.diagnostics) == []
    assert sorted(project.name for project in checked.tree.projects) == PROJECTS


@pytest.mark.parametrize("name", ["spec.md", "acceptance-tests.md", "architecture.md", "plan.md", "tasks.md"])
def test_no_required_file_may_be_missing(corpus: Path, name: str) -> None:
    path = f"specs/projects/hello-api/{name}"
    (corpus / path).unlink()
    assert errors(corpus) == [("missing-file", path)]


@pytest.mark.parametrize(
    ("line", "instead", "verdict"),
    [
        ("## Goal\n", "###### Goal  \n", []),
        ("## Goal\n", "##\u00a0Goal\r\n", []),
        ("## Goal\n", "```\n# Goal\n```\n", []),
        ("## Goal\n", "## Goal:\n", ["missing-heading"]),
        ("## Goal\n", "## goal\n", ["missing-heading"]),
        ("## Goal\n", " ## Goal\n", ["missing-heading"]),
        ("## Goal\n", "## Goal ##\n", ["missing-heading"]),
    ],
)
def test_a_heading_is_what_it_was(corpus: Path, line: str, instead: str, verdict: list[str]) -> None:
    spec = corpus / "specs/projects/kerrigan/spec.md"
    text = spec.read_text(encoding="utf-8")
    assert line in text
    spec.write_text(text.replace(line, instead), encoding="utf-8", newline="")
    assert [code for code, _ in errors(corpus)] == verdict


def test_whoever_says_deploy_needs_a_runbook_and_a_cost_plan(corpus: Path) -> None:
    folder = corpus / "specs/projects/hello-cli"
    for name in ("runbook.md", "cost-plan.md"):
        (folder / name).unlink()
    with (folder / "spec.md").open("a", encoding="utf-8") as spec:
        spec.write("\nDEPLOYment is not a goal.\n")
    assert [Path(path).name for _, path in errors(corpus)] == ["cost-plan.md", "runbook.md"]


def test_the_constitution_is_required(corpus: Path) -> None:
    (corpus / "specs/constitution.md").unlink()
    assert errors(corpus) == [("missing-file", "specs/constitution.md")]


FITTING = {
    "acceptance-tests": {
        "hello-api",
        "hello-cli",
        "hello-swarm",
        "kerrigan",
        "pause-resume-demo",
        "validator-enhancement",
    },
    "architecture": {"hello-api", "hello-cli", "hello-swarm", "kerrigan", "validator-enhancement"},
    "cost-plan": {"hello-cli", "kerrigan"},
    "plan": {"hello-api", "hello-cli", "hello-swarm", "kerrigan", "validator-enhancement"},
    "runbook": {"hello-cli", "hello-swarm", "kerrigan"},
    "test-plan": {"hello-cli", "hello-swarm", "kerrigan"},
}
"""Which of the old projects have a file that fits the schema of its name."""


@pytest.mark.parametrize("name", FITTING)
def test_an_old_artifact_fits_its_schema_or_is_told_what_it_lacks(corpus: Path, name: str) -> None:
    entry = f'{{glob: "specs/projects/*/{name}.md", schema: "kerrigan:{name}"}}'
    (corpus / ".github").mkdir()
    (corpus / ".github/kerrigan.yml").write_text(f"check: {{artifacts: [{entry}]}}\n", encoding="utf-8")
    found = [(Path(d.path).parent.name, d.code) for d in _found(corpus)]
    written = {path.parent.name for path in corpus.glob(f"specs/projects/*/{name}.md")}
    assert written - {folder for folder, _ in found} - {"_template"} == FITTING[name]
    assert {code for _, code in found} <= {"missing-heading", "empty-section"}
    # The template has every heading, or a check box, and below most of them nothing.
    assert {code for folder, code in found if folder == "_template"} <= {"empty-section"}


@pytest.mark.parametrize("source", TASKS)
def test_an_old_tasks_md_is_imported_whole(tmp_path: Path, source: str) -> None:
    made = prepare(tmp_path, ImportOptions("kerrigan-md", CORPUS / source, "old", leave_out=none))
    assert len(made.imported.tasks) == TASKS[source]
    write(made.plan)
    assert not check_tree(tmp_path).diagnostics


@pytest.mark.skipif(not MISSION.is_dir(), reason=f"the mission of spec-kitty is not at {MISSION}")
def test_a_mission_of_spec_kitty_is_imported_whole(tmp_path: Path) -> None:
    made = prepare(tmp_path, ImportOptions("spec-kitty", MISSION, leave_out=none))
    waits = {task.id: task.depends_on for task in made.imported.tasks}
    assert waits == {
        "wp01": (),
        "wp02": ("wp01",),
        "wp03": ("wp01", "wp02"),
        "wp04": ("wp01",),
        "wp05": ("wp01", "wp04"),
        "wp06": ("wp02", "wp03", "wp04"),
        "wp07": ("wp06",),
        "wp08": ("wp05", "wp06", "wp07"),
        "wp09": ("wp08",),
    }
    assert set(made.imported.finished) == waits.keys()
    write(made.plan)
    assert not check_tree(tmp_path).diagnostics
