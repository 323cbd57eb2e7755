"""A webhook payload of GitHub's shape to a hint. Payloads are untrusted: nothing is believed but what is read here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from kerrigan.load.github.asks import by_label
from kerrigan.load.github.comments import REVIEWS, by_comment, by_review
from kerrigan.load.github.payload import (
    COMMIT,
    NAME,
    Payload,
    inner,
    line,
    matching,
    maybe_line,
    moment,
    number,
    prose,
    repository,
    sender,
    unusable,
)
from kerrigan.model.decision import EventRequest
from kerrigan.model.forge.account import account_of
from kerrigan.model.names import ID

DISPATCHES = {"kerrigan-task": "dispatch", "kerrigan-recheck": "recheck", "kerrigan-event": "tell"}
"""The types of a repository_dispatch of Kerrigan's, and the hints they are."""

CHANGES = frozenset({"opened", "reopened", "synchronize", "edited", "ready_for_review", "converted_to_draft", "closed"})
"""What may happen to a pull request that a gate or a task depends on."""

LABELINGS = frozenset({"labeled", "unlabeled"})
"""What may happen to a label of an issue or a pull request. Only setting one asks for something."""

_ID = re.compile(ID)
_TASK = re.compile(f"{ID}/{ID}")
_KEY = re.compile(r"[0-9a-f]{8,64}")
_QUEUED = re.compile(r"gh-readonly-queue/.+/pr-([1-9][0-9]{0,9})-[0-9a-f]+")

_NOTHING = EventRequest("nothing")


def read_event(name: str, payload: Payload) -> EventRequest:
    """The hint in a payload. Raises UnreadableError that names the key that is missing or cannot be meant."""
    read = _READERS.get(name)
    return read(payload) if read else _NOTHING


def _dispatch(payload: Payload) -> EventRequest:
    kind = DISPATCHES.get(line(payload, "action"))
    if kind is None:
        return _NOTHING
    body = inner(payload, "client_payload")
    project = matching(body, "project", _ID)
    task = None if kind != "dispatch" and body.get("task") is None else matching(body, "task", _TASK)
    if task is not None and not task.startswith(f"{project}/"):
        raise unusable("task", f"a task of project '{project}'", task)
    return EventRequest(
        kind=kind,
        repository=repository(payload),
        sender=sender(payload),
        project=project,
        task=task,
        home=matching(body, "home", NAME),
        key=matching(body, "key", _KEY),
        fence=number(body, "fence"),
    )


def _pull_request(payload: Payload) -> EventRequest:
    action = line(payload, "action")
    if action in LABELINGS:
        return _about_pull_request(payload, _labeling(payload, action))
    if action not in CHANGES:
        return _NOTHING
    was_merged = action == "closed" and inner(payload, "pull_request").get("merged") is True
    return _about_pull_request(payload, EventRequest("merged" if was_merged else "pull_request"))


def _review(payload: Payload) -> EventRequest:
    action, review = line(payload, "action"), inner(payload, "review")
    asks = REVIEWS.get(line(review, "state").lower())
    if _is_foreign(payload):
        return _NOTHING
    if action == "dismissed":
        return _about_pull_request(payload, EventRequest("pull_request"))
    if action != "submitted" or asks is None:
        return _NOTHING
    body = prose(review, "body")
    hint = _about_pull_request(payload, by_review(line(review, "state"), body))
    # What was looked at, which need not be where the branch is by now.
    return replace(hint, head=matching(review, "commit_id", COMMIT), review=number(review, "id"), text=body)


def _issue(payload: Payload) -> EventRequest:
    action = line(payload, "action")
    return _about_issue(payload, _labeling(payload, action)) if action in LABELINGS else _NOTHING


def _comment(payload: Payload) -> EventRequest:
    if line(payload, "action") != "created":
        return _NOTHING
    comment = inner(payload, "comment")
    body = prose(comment, "body")
    hint = by_comment(body)
    if hint.kind == "nothing" or _is_app(comment.get("user")) or _is_app(payload.get("sender")):
        return _NOTHING
    known = {"comment": number(comment, "id"), "said_at": moment(comment, "created_at")}
    return replace(_about_issue(payload, hint), **known, text=body)  # type: ignore[arg-type]


def _check_run(payload: Payload) -> EventRequest:
    if line(payload, "action") != "completed":
        return _NOTHING
    run = inner(payload, "check_run")
    suite = inner(run, "check_suite") if run.get("check_suite") is not None else {}
    return _checks(payload, run, "head_sha", line(run, "name"), maybe_line(suite, "head_branch"))


def _check_suite(payload: Payload) -> EventRequest:
    if line(payload, "action") != "completed":
        return _NOTHING
    suite = inner(payload, "check_suite")
    return _checks(payload, suite, "head_sha", "", maybe_line(suite, "head_branch"))


def _status(payload: Payload) -> EventRequest:
    return _checks(payload, payload, "sha", line(payload, "context"), "")


def _checks(payload: Payload, reported: Payload, sha: str, name: str, branch: str) -> EventRequest:
    if name.lower().startswith("kerrigan"):
        return _NOTHING
    return EventRequest("checks", repository(payload), branch=branch, head=matching(reported, sha, COMMIT))


def _workflow_run(payload: Payload) -> EventRequest:
    if line(payload, "action") != "completed":
        return _NOTHING
    run = inner(payload, "workflow_run")
    home = run.get("head_repository")
    is_here = isinstance(home, dict) and home.get("full_name") == repository(payload)
    return EventRequest(
        kind="run_ended",
        repository=repository(payload),
        branch=maybe_line(run, "head_branch") if is_here else "",
        head=matching(run, "head_sha", COMMIT),
        run=str(number(run, "id")),
    )


def _push(payload: Payload) -> EventRequest:
    branch = line(inner(payload, "repository"), "default_branch")
    if line(payload, "ref") != f"refs/heads/{branch}" or payload.get("deleted") is True:
        return _NOTHING
    return EventRequest("pushed", repository(payload), branch=branch, head=matching(payload, "after", COMMIT))


def _workflow_dispatch(payload: Payload) -> EventRequest:
    given = payload.get("inputs")
    if not isinstance(given, dict) or given.get("task") is None:
        return _NOTHING
    task = matching(given, "task", _TASK)
    return EventRequest("start", repository(payload), sender(payload), project=task.partition("/")[0], task=task)


def _merge_group(payload: Payload) -> EventRequest:
    if line(payload, "action") != "checks_requested":
        return _NOTHING
    group = inner(payload, "merge_group")
    branch = line(group, "head_ref").removeprefix("refs/heads/")
    queued = _QUEUED.fullmatch(branch)
    return EventRequest(
        kind="queue",
        repository=repository(payload),
        number=int(queued[1]) if queued else None,
        is_pull=queued is not None,
        branch=branch,
        head=matching(group, "head_sha", COMMIT),
        base=line(group, "base_ref").removeprefix("refs/heads/"),
    )


_READERS: Mapping[str, Callable[[Payload], EventRequest]] = {
    "check_run": _check_run,
    "check_suite": _check_suite,
    "issue_comment": _comment,
    "issues": _issue,
    "merge_group": _merge_group,
    "pull_request": _pull_request,
    "pull_request_review": _review,
    "push": _push,
    "repository_dispatch": _dispatch,
    "status": _status,
    "workflow_dispatch": _workflow_dispatch,
    "workflow_run": _workflow_run,
}


def _labeling(payload: Payload, action: str) -> EventRequest:
    if action == "unlabeled" and payload.get("label") is None:
        return EventRequest("view")  # The label itself was deleted: which one it was is not told.
    hint = by_label(line(inner(payload, "label"), "name"))
    # An app's label shows and never asks: our own, heard late, would ask to undo what people have asked for since.
    shows = action == "unlabeled" or _is_app(payload.get("sender"))
    return EventRequest("view", said=hint.said) if shows and hint.kind == "ask" else hint


def _about_pull_request(payload: Payload, hint: EventRequest) -> EventRequest:
    if hint.kind == "nothing":
        return hint
    pull_request = inner(payload, "pull_request")
    head = inner(pull_request, "head")
    branch = line(head, "ref")
    if _is_foreign(payload):
        # A fork's branch may bear the name of a task's branch and still has nothing to do with it.
        hint, branch = EventRequest("foreign"), ""
    return replace(
        hint,
        repository=repository(payload),
        sender=sender(payload),
        number=number(pull_request, "number"),
        is_pull=True,
        branch=branch,
        head=matching(head, "sha", COMMIT),
        said_at=moment(pull_request, "updated_at"),
    )


def _about_issue(payload: Payload, hint: EventRequest) -> EventRequest:
    if hint.kind == "nothing":
        return hint
    issue = inner(payload, "issue")
    return replace(
        hint,
        repository=repository(payload),
        sender=sender(payload),
        number=number(issue, "number"),
        is_pull=isinstance(issue.get("pull_request"), dict) or isinstance(payload.get("pull_request"), dict),
        said_at=moment(issue, "updated_at"),
    )


def _is_foreign(payload: Payload) -> bool:
    head = inner(inner(payload, "pull_request"), "head")
    is_deleted = "repo" in head and head["repo"] is None
    return is_deleted or line(inner(head, "repo"), "full_name") != repository(payload)


def _is_app(user: object) -> bool:
    """Whether an account is an app's; one that is not described counts as one, because nothing says who it is."""
    return not isinstance(user, dict) or account_of(str(user.get("login")), user.get("type")).is_app
