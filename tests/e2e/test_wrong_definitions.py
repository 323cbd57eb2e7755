"""Wrong words on the default branch: the task that they are in waits for a person, and everything else goes on."""

import json
from pathlib import Path

import pytest

from tests.e2e.desk import SPEC, TASKS, Desk, publish

CONFIG = ".github/kerrigan.yml"
PLAN = "specs/projects/todo/tasks.yml"
SHOP = {"specs/projects/shop/spec.md": SPEC, "specs/projects/shop/tasks.yml": TASKS}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


def push(desk: Desk, files: dict[str, str]) -> None:
    """Write files on the default branch."""
    desk.git("checkout", "-q", "main")
    for path, text in files.items():
        desk.path.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        desk.path.joinpath(path).write_text(text)
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "Change the plan")
    desk.git("push", "-q", "origin", "main")


def hand_in(desk: Desk, task: str, file: str) -> None:
    """Work on a task until its pull request is in review."""
    for verb in ("claim", "start"):
        desk.json("task", verb, task)
    desk.work(f"kerrigan/{task}", file, "words\n")
    for verb in ("submit", "pass-tests"):
        desk.json("task", verb, task)
    desk.git("checkout", "-q", "main")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("risk: HIGH", "tasks.yml:6:11 on origin/main: found 'HIGH', expected 'low' or 'medium' or 'high'"),
        ("repository: nowhere", "tasks.yml:6:17 on origin/main: unknown repository 'nowhere'"),
        ("risk: null", "tasks.yml:6:11 on origin/main: found nothing"),
        ("paths: 5", "tasks.yml:6:12 on origin/main: found 5, expected a list"),
        ("depends_on: {a: 1}", "tasks.yml:6:17 on origin/main: found a mapping, expected a list"),
        ("estimate: {usd: -1}", "tasks.yml:6:21 on origin/main: found -1, expected 0 or more"),
        ("pathes: [src]", "tasks.yml:6:5 on origin/main: unknown key 'pathes'"),
    ],
)
def test_one_wrong_word_stops_one_task_and_nothing_else(desk: Desk, line: str, place: str) -> None:
    push(desk, {PLAN: TASKS.replace("risk: medium", line) + "  - {id: notes, title: Take notes, role: swe}\n", **SHOP})
    task = desk.json("show", "todo/contract")["task"]
    assert (task["readiness"], task["reasons"][0]["kind"]) == ("held", "definition")
    assert place in task["reasons"][0]["message"]
    refused = desk.kerrigan("task", "claim", "todo/contract")
    assert (refused.returncode, place in refused.stderr) == (5, True)
    status = desk.kerrigan("status")
    assert (status.returncode, place in status.stdout) == (0, True)
    assert [one["id"] for one in desk.json("tasks", "--ready")["tasks"]] == ["shop/contract", "todo/notes"]
    assert desk.json("task", "claim", "todo/notes")["task"]["status"] == "claimed"
    assert desk.kerrigan("reconcile").returncode == 0
    doctor = desk.kerrigan("doctor", "-q")
    assert (doctor.returncode, place.replace("tasks.yml", PLAN) in doctor.stdout) == (1, True)


def test_the_check_and_the_status_name_the_same_places(desk: Desk) -> None:
    push(desk, {PLAN: TASKS.replace("risk: medium", "risk: HIGH\n    titel: x"), CONFIG: "limits: {attempts: 0}\n"})
    checked = json.loads(desk.kerrigan("check", "--json").stdout)["diagnostics"]
    places = {f"{d['path']}:{d['line']}:{d['column']} on origin/main" for d in checked if d["severity"] == "error"}
    (project,) = desk.json("status")["projects"]
    assert {problem["place"] for problem in project["problems"]} == places


def test_a_merge_is_written_while_another_task_is_wrong(desk: Desk) -> None:
    push(desk, {PLAN: TASKS + "  - {id: notes, title: Take notes, role: swe}\n"})
    hand_in(desk, "todo/contract", "openapi.yml")
    push(desk, {PLAN: TASKS + "  - {id: notes, title: Take notes, role: swe, repository: nowhere, risk: HIGH}\n"})
    desk.git("merge", "-q", "--no-edit", "origin/kerrigan/todo/contract")
    desk.git("push", "-q", "origin", "main")
    assert "contract     done" in desk.kerrigan("reconcile").stdout
    assert desk.json("show", "todo/contract")["task"]["status"] == "done"


def test_nothing_passes_the_gate_of_a_task_whose_definition_went_wrong(desk: Desk) -> None:
    hand_in(desk, "todo/contract", "openapi.yml")
    push(desk, {PLAN: TASKS.replace("risk: medium", "risk: HIGH")})
    refused = desk.kerrigan("task", "approve", "todo/contract", "--as", "bo", "--force", "--reason", "late")
    assert (refused.returncode, f"{PLAN}:6:11 on origin/main" in refused.stderr) == (5, True)
    verdict = json.loads(desk.kerrigan("gate", "--pr", "1", "--json").stdout)
    assert verdict["verdict"] == "violation"
    assert {reason["kind"] for reason in verdict["reasons"]} == {"definition", "review"}
    assert desk.kerrigan("task", "block", "todo/contract", "--reason", "the plan is wrong").returncode == 0


@pytest.mark.parametrize("text", ["gates: {forbidden: .github}\n", "gates: {forbiden: [.github/**]}\n", "- a list\n"])
def test_a_rule_that_cannot_be_read_opens_nothing(desk: Desk, text: str) -> None:
    hand_in(desk, "todo/contract", "openapi.yml")
    push(desk, {CONFIG: text})
    for words in (("approve", "todo/contract", "--as", "bo"), ("claim", "todo/screen")):
        refused = desk.kerrigan("task", *words)
        assert (refused.returncode, f"{CONFIG}:1:" in refused.stderr) == (5, True)
    assert f"{CONFIG}:1:" in desk.kerrigan("gate", "--pr", "1").stdout


def test_a_workspace_file_that_cannot_be_parsed_is_the_banner_everywhere(desk: Desk) -> None:
    hand_in(desk, "todo/contract", "openapi.yml")
    push(desk, {CONFIG: "budget: {usd: 5}\npeople: [\n", **SHOP})
    place = f"{CONFIG}:3:1 on origin/main: found the end of the file, expected a value"
    status = desk.kerrigan("status")
    assert (status.returncode, status.stdout.count(f"! {place}")) == (3, 2)
    for word in ("budget", "permission"):
        assert word not in status.stdout
    for words in (["tasks"], ["reconcile"], ["cost"], ["issues", "sync"], ["doctor"], ["show", "todo/contract"]):
        done = desk.kerrigan(*words)
        assert place in done.stdout + done.stderr, words
    both = json.loads(desk.kerrigan("status", "--json").stdout)
    assert ([p["project"] for p in both["projects"]], both["error"]["code"]) == (["shop", "todo"], 3)
    assert desk.kerrigan("stop", "todo", "--reason", "a key has leaked").returncode == 0
    gate = json.loads(desk.kerrigan("gate", "--pr", "1", "--json").stdout)
    assert (gate["verdict"], "definition" in {reason["kind"] for reason in gate["reasons"]}) == ("violation", True)


def test_work_that_has_begun_goes_on_while_the_rules_cannot_be_read(desk: Desk) -> None:
    for verb in ("claim", "start"):
        desk.json("task", verb, "todo/contract")
    push(desk, {CONFIG: "limits: {work_within: soon}\n"})
    desk.json("task", "heartbeat", "todo/contract")
    desk.work("kerrigan/todo/contract", "openapi.yml", "words\n")
    desk.json("task", "submit", "todo/contract")
    refused = desk.kerrigan("task", "pass-tests", "todo/contract")
    assert (refused.returncode, f"{CONFIG}:1:23" in refused.stderr) == (5, True)
    push(desk, {CONFIG: "limits: {work_within: 9h}\n"})
    desk.json("task", "pass-tests", "todo/contract")


def test_what_the_check_alone_reads_stops_nothing(desk: Desk) -> None:
    push(desk, {CONFIG: "check: {rules: {duplicate-task: eror}}\n"})
    assert f"! {CONFIG}:1:33" in desk.kerrigan("status").stdout
    desk.json("task", "claim", "todo/contract")


def test_a_comment_that_silences_the_check_makes_nothing_readable(desk: Desk) -> None:
    silenced = "risk: HIGH  # kerrigan: ignore[wrong-value] it is"
    push(desk, {PLAN: TASKS.replace("risk: medium", silenced)})
    assert desk.kerrigan("check").returncode == 0
    assert desk.kerrigan("task", "claim", "todo/contract").returncode == 5


def test_an_alias_stops_the_project_for_its_error_may_be_in_any_task(desk: Desk) -> None:
    tasks = TASKS.replace("risk: medium", "risk: medium\n    paths: &all 5").replace(
        "role: swe", "role: swe\n    paths: *all"
    )
    push(desk, {PLAN: tasks + "  - {id: notes, title: Take notes, role: swe}\n"})
    for task in ("contract", "notes"):
        assert desk.kerrigan("task", "claim", f"todo/{task}").returncode == 5


def test_a_task_that_lost_its_entry_is_not_forgotten(desk: Desk) -> None:
    desk.json("task", "claim", "todo/contract")
    push(desk, {PLAN: TASKS.replace("id: contract", "id: Contract")})
    shown = desk.kerrigan("status").stdout
    assert f"! {PLAN}:3:9 on origin/main: found 'Contract'" in shown
    assert "! todo/contract is claimed, held by ada, and specs/projects/todo/tasks.yml does not define it" in shown
    assert desk.kerrigan("show", "todo/contract").returncode == 3
    assert desk.kerrigan("task", "claim", "todo/screen").returncode == 5


@pytest.mark.parametrize("file", ["spec.md", "tasks.yml", "status.json"])
@pytest.mark.parametrize(
    ("target", "word"), [("../none", "leads to no file"), ("/etc/hostname", "leads to no file"), (".", "a folder")]
)
def test_a_link_in_place_of_a_file_stops_its_project_alone(desk: Desk, file: str, target: str, word: str) -> None:
    push(desk, {**SHOP, "specs/projects/todo/status.json": "{}"})
    link = desk.path / "specs/projects/todo" / file
    link.unlink()
    link.symlink_to(target)
    push(desk, {"note.md": "words\n"})
    status = desk.kerrigan("status")
    place = f"! specs/projects/todo/{file}:1:1 on origin/main: found a symbolic link"
    assert (status.returncode, place in status.stdout, word in status.stdout) == (3, True, True)
    assert desk.kerrigan("task", "claim", "todo/contract").returncode in (3, 5)
    assert desk.kerrigan("task", "claim", "shop/contract").returncode == 0


def test_a_link_to_a_file_of_the_repository_is_that_file(desk: Desk) -> None:
    plan = desk.path / PLAN
    desk.path.joinpath("plans").mkdir()
    plan.rename(desk.path / "plans/todo.yml")
    plan.symlink_to("../../../plans/todo.yml")
    push(desk, {"note.md": "words\n"})
    assert (desk.kerrigan("check").returncode, len(desk.json("tasks")["tasks"])) == (0, 2)
    assert desk.kerrigan("doctor").returncode == 0
    desk.json("task", "claim", "todo/contract")


@pytest.mark.parametrize("file", ["spec.md", "tasks.yml"])
def test_a_file_that_is_gone_stops_its_project_alone(desk: Desk, file: str) -> None:
    desk.json("task", "claim", "todo/contract")
    desk.git("rm", "-q", f"specs/projects/todo/{file}")
    push(desk, SHOP)
    shown = desk.kerrigan("status").stdout
    assert f"project 'todo' has no {file}" in shown
    assert ("does not define it" in shown) == (file == "tasks.yml")
    assert desk.kerrigan("task", "claim", "todo/screen").returncode in (3, 5)
    assert desk.kerrigan("task", "claim", "shop/contract").returncode == 0
    assert desk.kerrigan("reconcile").returncode == 0


@pytest.mark.parametrize(("path", "also"), [("specs", ""), ("specs/projects", ""), ("specs/projects/todo", "shop")])
@pytest.mark.parametrize("kind", ["link", "submodule"])
def test_a_link_or_submodule_in_place_of_a_folder_is_named(desk: Desk, path: str, also: str, kind: str) -> None:
    if also:
        push(desk, SHOP)
    desk.git("mv", path, "moved")
    if kind == "link":
        (desk.path / path).symlink_to("moved")
        desk.git("add", path)
    else:
        desk.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")
    desk.git("commit", "-q", "-m", "Move the plan")
    desk.git("push", "-q", "origin", "main")
    word = "a symbolic link" if kind == "link" else "a submodule"
    for words in (["status"], ["tasks"], ["reconcile"], ["doctor"]):
        done = desk.kerrigan(*words)
        assert f"{path} on origin/main is " in done.stdout + done.stderr, words
        assert word in done.stdout + done.stderr, words
        assert done.returncode == (1 if words == ["doctor"] else 0 if also else 3)
    claim = desk.kerrigan("task", "claim", "todo/contract")
    assert (claim.returncode, f"{path} on origin/main is" in claim.stderr) == (3, True)


def test_a_workspace_file_that_hides_where_the_projects_are_is_the_error(desk: Desk) -> None:
    desk.git("mv", "specs/projects", "plans")
    push(desk, {CONFIG: "projects: [plans]\n"})
    for words in (["status"], ["tasks"], ["reconcile"], ["task", "claim", "todo/contract"], ["log", "todo"]):
        done = desk.kerrigan(*words)
        assert (done.returncode, f"error: {CONFIG}:1:11 on origin/main: found a list" in done.stderr) == (3, True)
    push(desk, {CONFIG: "projects: plans\n"})
    assert desk.kerrigan("status").returncode == 0


def test_a_project_that_is_gone_while_its_tasks_are_at_work_is_missed(desk: Desk) -> None:
    desk.json("task", "claim", "todo/contract")
    push(desk, SHOP)
    assert desk.kerrigan("status").stderr == ""
    desk.git("mv", "specs/projects/todo", "specs/projects/list")
    push(desk, {"note.md": "words\n"})
    journal = "the journal kerrigan-state/todo has tasks at work and no project on the default branch"
    said = f"{journal}: todo/contract (claimed)"
    status = desk.kerrigan("status")
    assert (status.returncode, said in status.stderr) == (0, True)
    assert said in desk.json("status")["warnings"][0]
    doctor = desk.kerrigan("doctor", "-q")
    assert (doctor.returncode, said in doctor.stdout) == (1, True)
