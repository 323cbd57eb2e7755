"""A project that waits for a task of another one in the same home repository."""

from pathlib import Path

import pytest

from tests.e2e.desk import SPEC, TASKS, Desk, publish

WAITING = "kerrigan: 7\ntasks:\n  - {id: sell, title: Sell the list, role: swe, depends_on: [todo/contract]}\n"


@pytest.mark.parametrize(("satisfied_by", "readiness"), [("approved", "ready"), ("done", "waiting")])
def test_what_satisfies_a_dependency_is_the_same_in_another_project(
    tmp_path: Path, satisfied_by: str, readiness: str
) -> None:
    remote = publish(tmp_path)
    ada, bo = Desk(tmp_path, remote, "ada"), Desk(tmp_path, remote, "bo")
    files = {
        "specs/projects/shop/spec.md": SPEC,
        "specs/projects/shop/tasks.yml": WAITING,
        "specs/projects/todo/tasks.yml": TASKS,
        ".github/kerrigan.yml": f"dependencies: {{satisfied_by: {satisfied_by}}}\n",
    }
    for path, text in files.items():
        ada.path.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        ada.path.joinpath(path).write_text(text)
    ada.git("add", ".")
    ada.git("commit", "-q", "-m", "Plan the shop")
    ada.git("push", "-q", "origin", "HEAD:main")
    for verb in ("claim", "start"):
        ada.json("task", verb, "todo/contract")
    ada.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    for verb in ("submit", "pass-tests"):
        ada.json("task", verb, "todo/contract")
    assert bo.json("show", "shop/sell")["task"]["readiness"] == "waiting"
    bo.json("task", "approve", "todo/contract")
    assert bo.json("show", "shop/sell")["task"]["readiness"] == readiness
    assert bo.kerrigan("task", "claim", "shop/sell").returncode == (0 if readiness == "ready" else 5)
