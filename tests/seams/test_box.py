"""The offline GitHub itself: what it promises to the tests that stand on it."""

from pathlib import Path
from typing import Any

import pytest

from tests.box import App, Box, OfflineGitHub
from tests.box.commands import CommandError

pytest_plugins = ["tests.box.plugin"]
pytestmark = pytest.mark.box

API, WEB = "/repos/acme/api", "/repos/acme/web"
PONG = """
name: pong
on: {repository_dispatch: {types: [pong]}}
jobs:
  pong:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "key ${{ github.event.client_payload.key }}"
"""
PING = """
name: ping
on: {push: {branches: ["work/**"]}}
permissions: {}
jobs:
  ping:
    runs-on: ubuntu-24.04
    permissions: {contents: write}
    steps:
      - run: test -z "$(ls -A)"
      - uses: actions/checkout@v4
      - run: test "$(git rev-parse HEAD)" = "$GITHUB_SHA"
      - uses: acme/tool/ping@v1
        with: {token: "${{ secrets.REMOTE }}"}
"""
TOOL = """
name: ping
inputs: {token: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {TOKEN: "${{ inputs.token }}"}
      run: >
        curl -fsS -X POST -H "authorization: Bearer $TOKEN" -H 'content-type: application/json'
        "$GITHUB_API_URL/repos/acme/web/dispatches" -d '{"event_type": "pong", "client_payload": {"key": "k1"}}'
"""

ASK = """
ask() { curl -s -o /dev/null -w "%{http_code} " -H "authorization: Bearer $TOKEN" "$@"; }
{
  ask "$GITHUB_API_URL/repos/acme/api/branches"
  ask "$GITHUB_API_URL/repos/acme/web/branches"
  ask "$GITHUB_API_URL/repos/acme/api/issues" -d '{"title": "t"}'
  echo "$TOKEN"
} > "$SEEN"
"""


def workflow(on: str, step: str = "true", more: str = "") -> dict[str, str]:
    """A repository's files with one workflow of one step."""
    run = f"runs-on: ubuntu-latest\n    steps:\n      - run: |\n          {step}"
    return {".github/workflows/w.yml": f"name: w\non: {on}\n{more}\njobs:\n  w:\n    {run}\n"}


def started(box: Box) -> list[tuple[str, str, str | None]]:
    return [(run.slug, run.event, run.conclusion) for run in box.runs]


def propose(box: Box, user: str = "ada") -> str:
    """A pull request, number 1, of a branch `work` with two commits; its head comes back."""
    box.push("acme/api", "work", {"a.txt": "a\n"}, user, "One")
    head = box.push("acme/api", "work", {"b.txt": "b\n"}, user, "Two")
    opened = box.call(user, "POST", f"{API}/pulls", {"title": "Work", "head": "work", "base": "main"})
    assert opened.status == 201, opened
    return head


def test_a_push_starts_a_run_that_wakes_another_repository(offline_github: OfflineGitHub) -> None:
    w = ".github/workflows/"
    grant = {"contents": "write"}
    box = offline_github(
        {
            "acme/api": {w + "ping.yml": PING},
            "acme/web": {w + "pong.yml": PONG},
            "acme/tool": {"ping/action.yml": TOOL},
        },
        apps={"kerrigan": App(grant)},
    )
    box.tag("acme/tool", "v1")
    box.secrets["acme/api"] = {"REMOTE": lambda: box.app_token("kerrigan", ["acme/web"], grant)}
    box.push("acme/api", "other", {"a.txt": "a\n"})
    box.push("acme/api", "work/1", {"a.txt": "a\n"})
    box.settle()
    wanted = [("acme/api", "push", "success"), ("acme/web", "repository_dispatch", "success")]
    assert started(box) == wanted, [run.text() for run in box.runs]
    assert "key k1" in box.runs[1].text()
    assert box.runs[1].actor == "kerrigan[bot]"
    box.assert_in_step()


def test_a_label_starts_a_run_on_the_test_merge(offline_github: OfflineGitHub) -> None:
    on = "{pull_request: {types: [labeled], branches: [main], paths: ['*.txt']}}"
    box = offline_github({"acme/api": workflow(on, "test $GITHUB_REF = refs/pull/1/merge")})
    head = propose(box)
    box.push("acme/api", "main", {"main.md": "m\n"})
    box.label("ada", "acme/api", 1, "role:swe", "size:s")
    box.settle()
    assert started(box) == [("acme/api", "pull_request", "success")] * 2
    assert sorted(run.payload["label"]["name"] for run in box.runs) == ["role:swe", "size:s"]
    assert box.runs[0].payload["pull_request"]["head"]["sha"] == head
    assert box.file("acme/api", "main.md", box.runs[0].sha) == "m\n"


def test_what_a_workflows_own_token_does_wakes_nobody_but_by_dispatch(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": workflow("[push, issues, status, workflow_dispatch, repository_dispatch]")})
    token = box.app_token("github-actions", ["acme/api"])
    for path, body in (
        ("/issues", {"title": "t", "labels": ["a"]}),
        (f"/statuses/{box.tip('acme/api')}", {"state": "success"}),
        ("/git/refs", {"ref": "refs/heads/x", "sha": box.tip("acme/api")}),
        ("/dispatches", {"event_type": "go"}),
        ("/actions/workflows/w.yml/dispatches", {"ref": "main", "inputs": {"who": "me"}}),
    ):
        assert box.ask(token, "POST", API + path, body).ok, path
    box.settle()
    assert [event for _, event, _ in started(box)] == ["repository_dispatch", "workflow_dispatch"]
    assert box.runs[1].payload["inputs"] == {"who": "me"}
    assert {"issues", "push", "status"} <= {event.name for event in box.events}


def test_a_runs_token_is_narrow_and_dies_with_the_run(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    files = workflow("push", "bash $SCRIPT", 'permissions: {contents: read}\nenv: {TOKEN: "${{ github.token }}"}')
    (tmp_path / "ask.sh").write_text(ASK)
    box = offline_github({"acme/api": files, "acme/web": {}})
    box.environment.update(SCRIPT=str(tmp_path / "ask.sh"), SEEN=str(tmp_path / "seen"))
    box.push("acme/api", "main", {"a.txt": "a\n"})
    box.settle()
    assert [run.conclusion for run in box.runs] == ["success"], box.runs[0].text()
    *statuses, token = (tmp_path / "seen").read_text().split()
    assert statuses == ["200", "404", "403"]
    assert box.ask(token, "GET", f"{API}/branches").status == 401
    assert token not in box.runs[0].text()


def test_roles_bound_users_and_are_told(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {}, "acme/web": {}}, users={"ada": "admin", "ben": "maintain", "cy": "read"})
    box.who.set_role("cy", "acme/web", "none")

    def role(login: str, repository: str = API) -> Any:
        told = box.call("ada", "GET", f"{repository}/collaborators/{login}/permission")
        return (told.body["permission"], told.body["role_name"]) if told.ok else told.status

    assert role("ada") == ("admin", "admin")
    assert role("ben") == ("write", "maintain")
    assert role("cy") == ("read", "read")
    assert role("cy", WEB) == ("none", "none")
    assert role("nobody") == 404
    assert box.call("cy", "GET", "/user").body["login"] == "cy"
    assert box.call("cy", "GET", f"{WEB}/issues").status == 404
    assert box.call("cy", "POST", f"{API}/issues", {"title": "t"}).status == 201
    assert box.call("cy", "POST", f"{API}/issues/1/comments", {"body": "b"}).status == 201
    assert box.call("cy", "POST", f"{API}/issues/1/labels", {"labels": ["x"]}).status == 403
    assert box.call("cy", "POST", f"{API}/dispatches", {"event_type": "go"}).status == 403
    with pytest.raises(CommandError, match="403"):
        box.push("acme/api", "x", {"a.txt": "a\n"}, "cy")


def test_statuses_combine(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {}})
    sha = box.tip("acme/api")
    assert box.call("ada", "GET", f"{API}/commits/main/status").body["state"] == "pending"
    for context, state in (("a", "failure"), ("b", "success"), ("a", "success")):
        status = {"context": context, "state": state}
        assert box.call("ada", "POST", f"{API}/statuses/{sha}", status).status == 201
    combined = box.call("ada", "GET", f"{API}/commits/main/status").body
    assert (combined["state"], combined["total_count"], combined["sha"]) == ("success", 2, sha)
    assert [row["state"] for row in box.call("ada", "GET", f"{API}/commits/{sha}/statuses").body][::2] == [
        "success",
        "failure",
    ]
    assert box.call("ada", "POST", f"{API}/statuses/{'0' * 40}", {"state": "success"}).status == 422


CHECKOUT = """
name: w
on: repository_dispatch
permissions: {contents: write}
jobs:
  w:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
        with: {ref: side, fetch-depth: 0}
      - run: test "$(git symbolic-ref --short HEAD) $(git rev-list --count HEAD) $(git tag)" = "side 2 v1"
      - run: git -c user.name=w -c user.email=w@example.com commit -q --allow-empty -m "From a run"
      - run: git push -q origin side
      - uses: actions/checkout@v4
        with: {repository: acme/web, token: "${{ secrets.REMOTE }}", path: web, persist-credentials: false}
      - run: test "$(cat web/README.md)" = acme/web && ! git -C web fetch -q
"""


def test_a_run_checks_out_and_pushes_as_on_github(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {".github/workflows/w.yml": CHECKOUT}, "acme/web": {}})
    box.tag("acme/api", "v1")
    box.secrets["acme/api"] = {"REMOTE": box.token("ada")}
    box.push("acme/api", "side", {"a.txt": "a\n"})
    box.call("ada", "POST", f"{API}/dispatches", {"event_type": "go"})
    box.settle()
    assert started(box) == [("acme/api", "repository_dispatch", "success")], box.runs[0].text()
    pushes = [(event.actor, event.payload["commits"][-1]["message"]) for event in box.events if event.name == "push"]
    assert pushes == [("ada", "Change files"), ("github-actions[bot]", "From a run")]
    box.assert_in_step()
