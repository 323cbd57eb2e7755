"""Well-formed webhook payloads of GitHub's shape, cut down to what is read and a little that is not."""

from typing import Any

SENDER = {"login": "ada", "id": 1, "type": "User", "site_admin": False}
REPOSITORY = {"id": 2, "name": "web", "full_name": "acme/web", "default_branch": "main", "private": True}
HEAD, SEEN = "a" * 40, "b" * 40
BRANCH = "kerrigan/todo/screen"


def dispatch(action: str = "kerrigan-task", /, **changed: object) -> dict[str, Any]:
    body = {
        "kerrigan": 1, "key": "0123456789abcdef", "project": "todo", "task": "todo/screen", "role": "swe",
        "home": "acme/api", "state": HEAD, "fence": 0, "deadline": "2026-11-21T06:00:00.000Z", "sig": "",
    }  # fmt: skip
    client = {"client_payload": body | changed, "branch": "main"}
    return {"action": action, "repository": REPOSITORY, "sender": SENDER} | client


def pull_request(action: str, /, **changed: object) -> dict[str, Any]:
    head = {"label": f"acme:{BRANCH}", "ref": BRANCH, "sha": HEAD, "repo": REPOSITORY}
    body = {"number": 7, "state": "open", "merged": False, "title": "Show", "body": None, "head": head}
    common = {"action": action, "number": 7, "repository": REPOSITORY, "sender": SENDER}
    return common | {"pull_request": body | changed}


def labeled(label: object, action: str = "labeled", /, **changed: object) -> dict[str, Any]:
    return pull_request(action, **changed) | {"label": {"name": label, "color": "ededed"}}


def fork(payload: dict[str, Any], repo: object) -> dict[str, Any]:
    pull = payload["pull_request"]
    return payload | {"pull_request": pull | {"head": pull["head"] | {"repo": repo}}}


def issue(action: str, /, **more: object) -> dict[str, Any]:
    body = {"number": 9, "state": "open", "title": "Show the list", "body": None}
    return {"action": action, "issue": body, "repository": REPOSITORY, "sender": SENDER} | more


def comment(body: object, action: str = "created", /, **changed: object) -> dict[str, Any]:
    return issue(action, comment={"id": 492700400, "body": body, "user": SENDER} | changed)


def check_run(name: str = "unit tests", action: str = "completed", /, **changed: object) -> dict[str, Any]:
    suite = {"id": 4, "head_branch": BRANCH, "head_sha": HEAD}
    body = {"id": 3, "name": name, "head_sha": HEAD, "conclusion": "success", "check_suite": suite}
    return {"action": action, "check_run": body | changed, "repository": REPOSITORY, "sender": SENDER}


def check_suite(action: str = "completed", /, **changed: object) -> dict[str, Any]:
    suite = {"id": 4, "head_branch": BRANCH, "head_sha": HEAD, "conclusion": "success"}
    return {"action": action, "check_suite": suite | changed, "repository": REPOSITORY, "sender": SENDER}


def status(context: str = "ci/lint", /, **changed: object) -> dict[str, Any]:
    common = {"sha": HEAD, "context": context, "state": "success", "branches": []}
    return common | {"repository": REPOSITORY, "sender": SENDER} | changed


def workflow_run(action: str = "completed", /, **changed: object) -> dict[str, Any]:
    body = {"id": 1589141559, "head_branch": BRANCH, "head_sha": HEAD, "head_repository": REPOSITORY, "run_attempt": 2}
    return {"action": action, "workflow_run": body | changed, "repository": REPOSITORY, "sender": SENDER}


def workflow_dispatch(**changed: object) -> dict[str, Any]:
    named = {
        "ref": "refs/heads/main",
        "workflow": ".github/workflows/kerrigan-work.yml",
        "inputs": {"task": "todo/screen"},
    }
    return named | {"repository": REPOSITORY, "sender": SENDER} | changed


def push(ref: str = "refs/heads/main", /, **changed: object) -> dict[str, Any]:
    return {"ref": ref, "before": SEEN, "after": HEAD, "deleted": False, "repository": REPOSITORY} | changed


def merge_group(action: str = "checks_requested", /, **changed: object) -> dict[str, Any]:
    head_ref = f"refs/heads/gh-readonly-queue/main/pr-104-{SEEN}"
    body = {"head_sha": HEAD, "head_ref": head_ref, "base_sha": SEEN, "base_ref": "refs/heads/main"}
    return {"action": action, "merge_group": body | changed, "repository": REPOSITORY, "sender": SENDER}


def review(state: str, action: str = "submitted", /, **changed: object) -> dict[str, Any]:
    body = {"id": 80, "state": state, "body": "no error format", "commit_id": SEEN, "user": SENDER}
    return pull_request(action) | {"review": body | changed}
