"""A tree may hold one repository or several side by side; each brings its workspace and its projects."""

from kerrigan.load.tree import layout, load_tree
from kerrigan.model.checks.source import START, Diagnostic, Severity

SPEC = "---\nkerrigan: 7\n---\n# Todo\n"
TASKS = "kerrigan: 7\ntasks:\n- {id: a, title: A, role: swe}\n"


def test_one_repository_at_the_root() -> None:
    folder = "specs/projects/todo"
    texts = {
        f"{folder}/spec.md": SPEC,
        f"{folder}/tasks.yml": TASKS,
        f"{folder}/plan.md": "# Plan",
        "README.md": "# No",
    }
    tree = load_tree(texts, "acme/todo-api")
    (todo,) = tree.projects
    assert (todo.name, todo.path, todo.home, list(todo.tasks)) == ("todo", folder, "acme/todo-api", ["todo/a"])
    assert sorted(tree.documents) == [f"{folder}/plan.md", f"{folder}/spec.md", f"{folder}/tasks.yml"]
    assert list(tree.workspaces) == [""]


def test_several_repositories_side_by_side() -> None:
    texts = {
        "app/specs/projects/one/spec.md": SPEC,
        "libs/deep/specs/projects/two/spec.md": SPEC,
        "web/.github/kerrigan.yml": "home: acme/app\n",
        "web/specs/projects/three/spec.md": SPEC,
    }
    tree = load_tree(texts, "acme/here")
    assert {project.path: project.home for project in tree.projects} == {
        "app/specs/projects/one": "local/app",
        "libs/deep/specs/projects/two": "local/deep",
        "web/specs/projects/three": "acme/app",
    }
    assert sorted(tree.workspaces) == ["app", "libs/deep", "web"]


def test_the_workspace_says_where_projects_are() -> None:
    texts = {
        ".github/kerrigan.yml": "projects: planning\n",
        "planning/todo/spec.md": SPEC,
        "specs/projects/old/spec.md": SPEC,
        "planning/todo/notes/spec.md": SPEC,
    }
    assert [project.path for project in load_tree(texts, "a/b").projects] == ["planning/todo"]
    assert [path for path in texts if layout(texts).reads(path)] == [".github/kerrigan.yml", "planning/todo/spec.md"]


def test_templates_and_hidden_folders_are_no_projects() -> None:
    paths = ["specs/projects/_template", "specs/projects/.draft", ".venv/specs/projects/x", "specs/projects"]
    tree = load_tree({f"{path}/spec.md": SPEC for path in paths}, "a/b")
    assert (tree.projects, tree.documents) == ((), {})


def test_a_tree_keeps_what_could_not_be_read_and_what_is_broken() -> None:
    problem = Diagnostic("unreadable", Severity.error, "specs/projects/todo/plan.md", START, "found UTF-16")
    tree = load_tree({"specs/projects/todo/tasks.yml": "a: [", ".github/kerrigan.yml": "a: b: c"}, "a/b", [problem])
    assert tree.problems == (problem,)
    assert [found.code for document in tree.documents.values() for found in document.diagnostics] == ["syntax"] * 2
    assert [project.format for project in tree.projects] == [1]
