"""Files that a project of Milestones 1 to 6 has to have."""

from collections.abc import Iterator

from kerrigan.check.examples import FOLDER, old_project
from kerrigan.check.legacy.generation import is_old
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Project

REQUIRED = ("spec.md", "acceptance-tests.md", "architecture.md", "plan.md", "tasks.md", "test-plan.md")
DEPLOYABLE = ("runbook.md", "cost-plan.md")
KEYWORDS = ("deploy", "production", "runtime")


def find(tree: Tree) -> Iterator[Diagnostic]:
    """What the validators of Milestones 1 to 6 missed, and the constitution of the repository."""
    old = [project for project in tree.projects if is_old(tree, project)]
    for project in old:
        yield from _files(tree, project)
    for root in sorted({p.path.removesuffix(f"projects/{p.name}") for p in old}):
        path = f"{root}constitution.md"
        if root.endswith("specs/") and not _is_there(tree, path):
            yield _missing(path, f"{path} is missing: the governing principles")


def _files(tree: Tree, project: Project) -> Iterator[Diagnostic]:
    spec = tree.documents.get(f"{project.path}/spec.md")
    text = spec.text.lower() if spec else ""
    deployable = _is_there(tree, f"{project.path}/runbook.md") or any(word in text for word in KEYWORDS)
    is_meant = _is_there(tree, f"{project.path}/tasks.yml")
    instead = ", or 'kerrigan: 7' as the first line of tasks.yml: then it is of Milestone 7" if is_meant else ""
    for file in (*REQUIRED, *(DEPLOYABLE if deployable else ())):
        path = f"{project.path}/{file}"
        if not _is_there(tree, path):
            why = "" if file in REQUIRED else f": it is deployable, for {_why_deployable(text)}"
            yield _missing(path, f"project '{project.name}' has no {file}{why}", instead)


def _why_deployable(text: str) -> str:
    word = next((word for word in KEYWORDS if word in text), None)
    return f"its spec.md says '{word}'" if word else "it has a runbook.md"


def _is_there(tree: Tree, path: str) -> bool:
    return path in tree.documents or any(problem.path == path for problem in tree.problems)


def _missing(path: str, message: str, instead: str = "") -> Diagnostic:
    return Diagnostic("missing-file", Severity.error, path, START, message, f"write {path}{instead}")


RULE = Rule(
    name="missing-file",
    severity=Severity.error,
    wants="A project of Milestones 1 to 6 has its files, its repository a constitution, and no project is empty.",
    why="The validators of those days asked for them, and their projects keep that verdict. A runbook and a "
    "cost plan are asked for where something is deployed.",
    bad={path: text for path, text in old_project().items() if path != f"{FOLDER}/plan.md"},
    good=old_project(),
    find=find,
)
