"""From what was looked at to findings: each code, when it is said, and how a diagnosis ends."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kerrigan.decide.health.findings import broken, clone_findings, exit_code, findings
from kerrigan.decide.health.policies import applies
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.forge.health import (
    ActionsPolicy,
    Checkup,
    Contents,
    DefinitionHealth,
    Examination,
    Examined,
    ExecutionPolicy,
    Finding,
    Here,
    Level,
    ProjectHealth,
    Token,
    Trouble,
)
from kerrigan.report.health import health_json, health_text
from tests.unit.report_stage import assert_fits

API, WEB = "acme/api", "acme/web"
WRONG = Diagnostic("wrong-value", Severity.error, "specs/projects/todo/tasks.yml", START, "found 'HIGH'")
DOUBTFUL = replace(WRONG, severity=Severity.warning)
HERE = Here((2, 39, 5), "ada", "ada@example.com", API, "https://github.com/acme/api", "main", "main", 0, 0)
NAMES = ("kerrigan-check.yml", "kerrigan-events.yml", "kerrigan-reconcile.yml", "kerrigan-work.yml")
FILES = Contents(
    configured=True,
    workflows=dict.fromkeys(NAMES, "same"),
    events=dict.fromkeys(NAMES, ("schedule",)) | {NAMES[3]: ("repository_dispatch", "workflow_dispatch")},
    queues=True,
    unlocked=dict.fromkeys(NAMES, ()),
)
POLICY = ExecutionPolicy("guard", "organization acme")
CLASSIC = Token("user", "GH_TOKEN", "ada", frozenset({"repo", "workflow"}))
FINE_GRAINED = replace(CLASSIC, scopes=None)
ALONE = Token("installation", "GITHUB_TOKEN", reaches=1)
EVERYTHING = Examined(
    API,
    True,
    name=API,
    push=True,
    workflows=dict.fromkeys(NAMES, "active"),
    required=frozenset({"kerrigan/gate"}),
    all_rules_seen=True,
    queue=False,
    actions=ActionsPolicy(True, "all"),
    proposes=True,
    secret=True,
    policies=(),
)

GUARDED = frozenset({"creation", "update", "deletion", "non_fast_forward"})
WELL = ProjectHealth("todo", tasks=2, events=3, tests=("unit",), rules=GUARDED)


def checkup(
    web: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    here: Mapping[str, Any] | None = None,
    project: Mapping[str, Any] | None = None,
    token: Token | None = CLASSIC,
    **changes: Any,
) -> Checkup:
    """A home and a satellite where all is well, but for these changes of the satellite, its files, the clone …"""
    satellite = replace(EVERYTHING, slug=WEB, name=WEB)
    return replace(
        Checkup(
            replace(HERE, **here or {}),
            API,
            (replace(WELL, **project or {}),),
            Examination(token, (EVERYTHING, replace(satellite, **web or {}))),
            {API: FILES, WEB: replace(FILES, home=API, **files or {})},
        ),
        **changes,
    )


def said(found: Checkup) -> set[tuple[str, str, str]]:
    """What is not fine, as level, about and code."""
    return {(f.level.value, f.about, f.code) for f in findings(found) if f.level is not Level.ok}


def policed(**rules: Any) -> Checkup:
    """An Actions policy of the organization is enforced in the satellite."""
    return checkup({"policies": (replace(POLICY, **rules),)})


def flows(name: str, state: str) -> dict[str, dict[str, str]]:
    """The satellite's workflows, one of them in another state."""
    return {"workflows": dict.fromkeys(NAMES, "same" if state in {"missing", "differs"} else "active") | {name: state}}


CASES = {
    "git is old": (checkup(here={"git": (2, 37, 9)}), ("problem", "here", "git-version")),
    "no identity": (checkup(here={"email": ""}), ("warning", "here", "identity")),
    "ahead": (checkup(here={"ahead": 2}), ("warning", "here", "work-tree")),
    "behind": (checkup(here={"behind": 1}), ("warning", "here", "work-tree")),
    "a fault": (checkup(project={"trouble": Trouble("line 3 is odd")}), ("problem", API, "project")),
    "no answer": (checkup(project={"trouble": Trouble("silence", "", True)}), ("unknown", API, "project")),
    "unpublished": (
        checkup(project={"unpublished": "specs/projects/todo is older here", "publish": "git pull"}),
        ("warning", API, "unpublished"),
    ),
    "lost": (checkup(lost=("the journal kerrigan-state/old has tasks at work",)), ("problem", API, "lost-journal")),
    "stopped": (checkup(project={"is_stopped": True}), ("problem", API, "project")),
    "stopped tasks": (checkup(project={"stopped": 1}), ("problem", API, "project")),
    "a wrong definition": (checkup(definition=DefinitionHealth("on main", (WRONG,))), ("problem", API, "definition")),
    "many wrong ones": (
        checkup(definition=DefinitionHealth("on main", (DOUBTFUL,) * 30)),
        ("warning", API, "definition"),
    ),
    "an unread definition": (checkup(definition=Trouble("it is a link", "unlink it")), ("problem", API, "definition")),
    "rewritten": (checkup(project={"rewritten": True}), ("problem", API, "journal")),
    "no check is named": (checkup(project={"tests": ()}), ("warning", API, "tests")),
    "anyone writes the journal": (checkup(project={"rules": frozenset()}), ("warning", API, "journal-rules")),
    "anyone begins a journal": (checkup(project={"rules": GUARDED - {"creation"}}), ("warning", API, "journal-rules")),
    "unseen rules": (checkup(project={"rules": None}), ("unknown", API, "journal-rules")),
    "no project": (checkup(projects=()), ("warning", API, "projects")),
    "no list": (checkup(projects=(), trouble=Trouble("bad YAML")), ("problem", API, "projects")),
    "gone": (checkup({"reached": False}), ("problem", WEB, "repository")),
    "silent": (checkup({"reached": None}), ("unknown", WEB, "repository")),
    "archived": (checkup({"archived": True}), ("problem", WEB, "repository")),
    "renamed": (checkup({"name": "acme/site"}), ("warning", WEB, "repository")),
    "bad configuration": (checkup(files={"trouble": Trouble("bad YAML")}), ("problem", WEB, "configuration")),
    "unread files": (checkup(files={"trouble": Trouble("silence", "", True)}), ("unknown", WEB, "configuration")),
    "no home": (checkup(contents={API: FILES, WEB: FILES}), ("problem", WEB, "home")),
    "may not push": (checkup({"push": False}), ("warning", WEB, "write")),
    "gate not required": (checkup({"required": frozenset({"ci"})}), ("warning", WEB, "gate")),
    "job required": (checkup({"required": frozenset({"kerrigan / gate"})}), ("warning", WEB, "gate")),
    "rules not seen": (checkup({"required": frozenset(), "all_rules_seen": False}), ("unknown", WEB, "gate")),
    "queue": (checkup({"queue": True}, {"queues": False}), ("problem", WEB, "merge-queue")),
    "no events": (checkup(files=flows(NAMES[1], "missing")), ("problem", WEB, "workflow-missing")),
    "no work": (checkup(files=flows(NAMES[3], "missing")), ("warning", WEB, "workflow-missing")),
    "changed": (checkup(files=flows(NAMES[0], "differs")), ("warning", WEB, "workflow-differs")),
    "asleep": (checkup(flows(NAMES[2], "disabled_inactivity")), ("problem", WEB, "workflow-off")),
    "states not seen": (checkup({"workflows": None}), ("unknown", WEB, "workflow-off")),
    "Actions off": (checkup({"actions": ActionsPolicy(False)}), ("problem", WEB, "actions")),
    "own actions only": (checkup({"actions": ActionsPolicy(True, "local_only")}), ("problem", WEB, "actions")),
    "selected actions": (checkup({"actions": ActionsPolicy(True, "selected")}), ("unknown", WEB, "actions")),
    "pins asked for": (
        checkup({"actions": ActionsPolicy(True, "all", True)}, {"unpinned": ("acme/tool@v1",)}),
        ("problem", WEB, "actions"),
    ),
    "not pinned": (checkup(files={"unpinned": ("acme/tool@v1",)}), ("warning", WEB, "action-pin")),
    "not locked": (checkup(files={"unlocked": {NAMES[0]: ("acme/tool@v1",)}}), ("problem", WEB, "actions-lock")),
    "not in the lock": (checkup(files={"unlocked": {NAMES[0]: None}}), ("warning", WEB, "actions-lock")),
    "odd lock": (checkup(files={"unlocked": {}, "lock_unread": True}), ("unknown", WEB, "actions-lock")),
    "dispatches refused": (policed(events=frozenset({"schedule"})), ("problem", WEB, "policy")),
    "perhaps refused": (policed(events=frozenset({"schedule"}), included=("**/[k]*",)), ("unknown", WEB, "policy")),
    "own runs refused": (policed(actors=frozenset({("User", 1), ("App", 2)})), ("problem", WEB, "policy")),
    "some refused": (policed(actors=frozenset({("Team", 1)})), ("unknown", WEB, "policy")),
    "odd rule": (policed(other=("require_lockfile",)), ("unknown", WEB, "policy")),
    "policies not seen": (checkup({"policies": None}), ("unknown", WEB, "settings")),
    "policy not seen": (checkup({"actions": None}), ("unknown", WEB, "settings")),
    "no secret": (checkup({"secret": False}), ("warning", WEB, "workflow-token")),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_said_and_nothing_else(case: str) -> None:
    found, expected = CASES[case]
    assert said(found) == {expected}


def test_where_all_is_well_everything_is_ok() -> None:
    assert said(checkup()) == set()
    assert exit_code(findings(checkup())) == 0


@pytest.mark.parametrize("case", CASES)
def test_every_finding_says_what_to_do(case: str) -> None:
    found, (_, about, code) = CASES[case]
    steps = [f.next for f in findings(found) if (f.about, f.code) == (about, code) and f.level is not Level.ok]
    undecidable = {"a fault", "no answer", "no list", "bad configuration", "unread files"}
    assert all(steps) or case in undecidable


def test_of_many_findings_of_the_check_the_errors_come_first_and_the_rest_is_counted() -> None:
    many = findings(checkup(definition=DefinitionHealth("on main", (*(DOUBTFUL,) * 30, WRONG))))
    told = [found for found in many if found.code == "definition"]
    assert (len(told), told[0].level, told[-1].level) == (21, Level.problem, Level.warning)
    assert (told[0].message.endswith("on main: found 'HIGH' [wrong-value]"), "11 more" in told[-1].message) == (
        True,
        True,
    )


def test_the_documentation_names_every_code_and_no_other() -> None:
    said_in_cases = {f.code for found, _ in CASES.values() for f in findings(found)}
    said_in_cases |= {f.code for f in findings(checkup({"secret": False, "proposes": False}))}
    page = Path(__file__).parents[2].joinpath("docs", "doctor.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^\| `([a-z-]+)` \|", page)) == said_in_cases


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (Token("none"), {("problem", "here", "token")}),
        (Token("unknown", "GH_TOKEN", why="silence"), {("unknown", "here", "token")}),
        (Token("installation", "GH_TOKEN", reaches=7), set()),
        (Token("installation", "GH_TOKEN"), {("unknown", "here", "token")}),
        (ALONE, {("warning", "here", "token"), ("warning", WEB, "write")}),
    ],
)
def test_tokens_are_told_by_what_they_can_do(token: Token, expected: set[tuple[str, str, str]]) -> None:
    found = said(checkup(token=token))
    assert {one for one in found if one[0] != "unknown" or one[2] == "token"} == expected


@pytest.mark.parametrize(
    ("token", "private", "level"),
    [
        (CLASSIC, True, None),
        (replace(CLASSIC, scopes=frozenset({"public_repo"})), False, None),
        (replace(CLASSIC, scopes=frozenset({"public_repo"})), True, "warning"),
        (replace(CLASSIC, scopes=frozenset()), False, "warning"),
        (FINE_GRAINED, False, "unknown"),
    ],
)
def test_only_a_classic_token_says_what_it_may(token: Token, private: bool, level: str | None) -> None:
    found = {level for level, about, code in said(checkup({"private": private}, token=token)) if about == WEB}
    assert found == ({level} if level else set())


def test_a_home_that_may_not_be_written_to_is_a_problem() -> None:
    home = replace(EVERYTHING, push=False)
    assert said(checkup(examination=Examination(CLASSIC, (home,)))) == {("problem", API, "write")}


def test_the_own_token_of_the_only_repository_is_fine() -> None:
    home = replace(EVERYTHING, secret=False)
    assert said(checkup(examination=Examination(ALONE, (home,)))) == {("unknown", API, "write")}


def test_a_policy_names_what_it_refuses_and_what_is_lost() -> None:
    said_of_it = message(policed(events=frozenset({"schedule", "workflow_dispatch"})), WEB, "policy")
    assert "'guard' of organization acme refuses repository_dispatch for kerrigan-work.yml" in said_of_it
    assert "dispatches start nothing" in said_of_it
    everybody = frozenset({("App", 15368), ("RepositoryRole", 4)})
    assert "whether the owner of KERRIGAN_TOKEN" in message(policed(actors=everybody), WEB, "policy")


@pytest.mark.parametrize(
    ("included", "excluded", "expected"),
    [
        ((), (), True),
        (("~ALL",), (), True),
        ((".github/workflows/kerrigan-work.yml",), (), True),
        ((".github/workflows/*",), (), True),
        (("**/deploy.yml", "**"), (), True),
        ((".github/workflows/deploy.yml",), (), False),
        (("~ALL",), (".github/workflows/kerrigan-*",), False),
        (("**/kerrigan-[vw]*.yml",), (), None),
        (("~ALL",), ("**/kerrigan-[vw]*.yml",), None),
        (("**/kerrigan-[vw]*.yml", "~ALL"), (), True),
    ],
)
def test_which_workflows_a_policy_is_about(
    included: tuple[str, ...], excluded: tuple[str, ...], expected: bool | None
) -> None:
    policy = replace(POLICY, included=included, excluded=excluded)
    assert applies(policy, ".github/workflows/kerrigan-work.yml") is expected


def test_without_a_token_of_kerrigans_the_lost_hand_offs_are_named() -> None:
    homes = checkup(
        examination=Examination(CLASSIC, (replace(EVERYTHING, secret=False), replace(EVERYTHING, slug=WEB)))
    )
    assert "dispatches to acme/web are lost" in message(homes, API, "workflow-token")
    assert "not claimed" in message(checkup({"secret": False}), WEB, "workflow-token")


def test_one_finding_names_every_workflow_that_is_missing() -> None:
    found = checkup(files={"workflows": dict.fromkeys(NAMES, "missing")})
    assert said(found) == {("problem", WEB, "workflow-missing")}
    assert all(name in message(found, WEB, "workflow-missing") for name in NAMES)


def test_a_repository_of_no_project_needs_the_check_only() -> None:
    alone = replace(FILES, workflows=dict.fromkeys(NAMES, "missing") | {NAMES[0]: "same"})
    found = checkup(projects=(), examination=Examination(CLASSIC, (EVERYTHING,)), contents={API: alone})
    assert exit_code(findings(found)) == 0
    nothing = replace(FILES, workflows=dict.fromkeys(NAMES, "missing"))
    assert exit_code(findings(replace(found, contents={API: nothing}))) == 1


def test_a_forge_without_tokens_has_no_findings_about_them() -> None:
    there = (Examined(API, True, name=API), Examined(WEB, True, name=WEB))
    found = findings(checkup(token=None, examination=Examination(None, there)))
    assert {f.level for f in found} == {Level.ok}
    assert not {"token", "write", "gate", "workflow", "settings"} & {f.code for f in found}


def test_a_branch_of_ones_own_is_no_reason_to_pull() -> None:
    assert said(checkup(here={"branch": "mine", "ahead": None, "behind": None})) == set()


def test_a_repository_that_is_not_there_is_not_looked_at_further() -> None:
    found = [f.code for f in findings(checkup({"reached": False})) if f.about == WEB]
    assert found == ["repository"]


@pytest.mark.parametrize(
    ("reached", "code"), [((None, None), 4), ((None, True), 0), ((False, None), 1), ((True, True), 0)]
)
def test_how_it_ends(reached: tuple[bool | None, bool | None], code: int) -> None:
    repositories = tuple(
        replace(EVERYTHING, slug=s, name=s, reached=r) for s, r in zip((API, WEB), reached, strict=True)
    )
    assert exit_code(findings(checkup(examination=Examination(CLASSIC, repositories)))) == code


def test_a_refused_token_is_a_problem() -> None:
    found = findings(checkup(examination=Examination(Token("refused", "GH_TOKEN"), ())))
    assert exit_code(found) == 1


def test_without_an_origin_git_is_looked_at_all_the_same() -> None:
    found = [*clone_findings(HERE), broken("here", "origin", Trouble("no remote", "git remote add origin URL"))]
    assert [(f.level.value, f.code) for f in found] == [
        ("ok", "git-version"),
        ("ok", "identity"),
        ("problem", "origin"),
    ]
    assert exit_code(found) == 1


def test_the_text_groups_by_repository_and_leaves_out_what_is_fine_on_request() -> None:
    found = findings(checkup({"archived": True}))
    text = health_text(found, all_of_them=True)
    assert [line for line in text.split("\n") if line and line[0] != " "] == [
        "here",
        API,
        WEB,
        "1 problem, no warnings, 0 not known",
    ]
    short = health_text(found, all_of_them=False).split("\n")
    assert short[0] == WEB
    assert short[1].startswith("  problem  it is archived")
    assert short[2].strip() == "next: unarchive it, or take it out of the project"
    assert len(short) == 5


def test_the_text_cannot_be_turned_into_something_else_by_a_name() -> None:
    nasty = Finding(Level.problem, "acme/api", "origin", "a\nhere\x1b[31m", "b\r\nc")
    assert len(health_text([nasty], all_of_them=True).split("\n")) == 5
    assert "\x1b" not in health_text([nasty], all_of_them=True)


def test_the_json_fits_its_schema() -> None:
    answer = health_json(findings(checkup({"archived": True})))
    assert_fits("doctor", answer)
    assert answer["summary"]["problem"] == 1


def message(found: Checkup, about: str, code: str) -> str:
    return next(f.message for f in findings(found) if (f.about, f.code) == (about, code))
