"""Workflow files: which of them ask for an event, by GitHub's filters, and what else the box reads in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import yaml

from tests.box.messages import Json
from tests.box.repository import NOBODY, Repository

FOLDER = ".github/workflows"
DEFAULT_TYPES = {"pull_request": ["opened", "synchronize", "reopened"]}
PULL_REQUEST_EVENTS = ("pull_request", "pull_request_review", "pull_request_review_comment")


class WorkflowError(Exception):
    """A file below .github/workflows that is no workflow."""


@dataclass(frozen=True)
class Workflow:
    """A workflow file of one commit."""

    path: str
    content: Json = field(repr=False)

    @property
    def name(self) -> str:
        """Its name, or its path where it has none."""
        return str(self.content.get("name") or self.path)

    @property
    def file(self) -> str:
        """Its file name."""
        return PurePosixPath(self.path).name

    @property
    def on(self) -> dict[str, Any]:
        """Its triggers, by event. YAML 1.1 reads a bare `on` as true."""
        found = self.content.get("on", self.content.get(True))  # type: ignore[call-overload]
        if isinstance(found, str):
            return {found: None}
        return dict.fromkeys(found) if isinstance(found, list) else dict(found or {})

    @property
    def jobs(self) -> dict[str, Json]:
        """Its jobs, by id."""
        return dict(self.content.get("jobs") or {})

    def concurrency(self) -> Json:
        """Its group, `queue` and `cancel-in-progress`; empty without one."""
        return _group(self.content)

    def only_job(self) -> tuple[str, Json]:
        """The condition of its job and the group of that, where it has one job: a job that is skipped takes no turn."""
        if len(self.jobs) != 1:
            return "", {}
        (job,) = self.jobs.values()
        return str(job.get("if", "true")), _group(job)

    def permissions(self) -> list[object]:
        """The blocks that bound the token of its runs."""
        blocks = [self.content["permissions"]] if "permissions" in self.content else []
        return blocks + [job["permissions"] for job in self.jobs.values() if "permissions" in job]

    def asks_for(self, event: str, payload: Json, repo: Repository) -> bool:
        """Whether this event starts it."""
        if event not in self.on:
            return False
        rule = self.on[event] or {}
        if event == "schedule":
            return payload.get("schedule") in (None, *(row["cron"] for row in rule))
        if event == "workflow_run" and payload["workflow_run"]["name"] not in rule.get("workflows", []):
            return False
        if not _type_matches(rule, event, payload):
            return False
        if event == "push":
            return _ref_matches(rule, payload["ref"]) and _paths_match(rule, _pushed, payload, repo)
        if event == "pull_request":
            base = "refs/heads/" + payload["pull_request"]["base"]["ref"]
            return _ref_matches(rule, base) and _paths_match(rule, _proposed, payload, repo)
        return True


def _group(part: Json) -> Json:
    found = part.get("concurrency") or {}
    return {"group": found} if isinstance(found, str) else dict(found)


def parse(path: str, text: str) -> Workflow:
    """A workflow from its text. Raises WorkflowError."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WorkflowError(f"{path}: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("jobs"), dict):
        raise WorkflowError(f"{path}: not a workflow")
    return Workflow(path, content)


def _type_matches(rule: Mapping[str, Any], event: str, payload: Json) -> bool:
    types = rule.get("types") or DEFAULT_TYPES.get(event)
    return types is None or payload.get("action") in ([types] if isinstance(types, str) else types)


def _ref_matches(rule: Mapping[str, Any], ref: str) -> bool:
    kind, other = ("tags", "branches") if ref.startswith("refs/tags/") else ("branches", "tags")
    asked = [name.removesuffix("-ignore") for name in rule]
    if kind not in asked and other in asked:
        return False  # only the other kind of reference was asked for
    name = re.sub("^refs/(heads|tags)/", "", ref)
    if kind in rule and not matches(rule[kind], name):
        return False
    return not matches(rule.get(kind + "-ignore", []), name)


def _paths_match(rule: Mapping[str, Any], span: Any, payload: Json, repo: Repository) -> bool:
    if "paths" not in rule and "paths-ignore" not in rule:
        return True
    files = repo.changed(*span(payload, repo))
    if "paths" in rule:
        return any(matches(rule["paths"], file) for file in files)
    return not all(matches(rule["paths-ignore"], file) for file in files)


def _pushed(payload: Json, _repo: Repository) -> tuple[str, str]:
    return (NOBODY if payload["created"] else payload["before"]), payload["after"]


def _proposed(payload: Json, repo: Repository) -> tuple[str, str]:
    base, head = payload["pull_request"]["base"]["sha"], payload["pull_request"]["head"]["sha"]
    return repo.merge_base(base, head), head


def matches(patterns: str | list[str], name: str) -> bool:
    """GitHub's filter patterns: `*` stops at a slash, `**` does not, a later `!pattern` takes back."""
    hit = False
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        if re.fullmatch(_expression(pattern.removeprefix("!")), name):
            hit = not pattern.startswith("!")
    return hit


def _expression(pattern: str) -> str:
    # `?` and `+` repeat what stands before them, and `[ ]` is a class, as in a regular expression.
    parts = re.split(r"(\*\*/|\*\*|\*|[?+\[\]-])", pattern)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return "".join(meaning.get(part, part) if number % 2 else re.escape(part) for number, part in enumerate(parts))
