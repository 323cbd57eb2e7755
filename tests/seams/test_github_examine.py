"""What a token is and how repositories are set: read, never written, in few requests."""

from collections.abc import Iterator
from typing import Any

import pytest

from kerrigan.errors import UnreadableError
from kerrigan.github.forge import GitHubForge
from kerrigan.github.runner import connect
from kerrigan.model.forge.health import ActionsPolicy, Examined, ExecutionPolicy, Token
from tests.seams.github_script import (
    BAD_GATEWAY,
    DROPPED,
    NOT_FOUND,
    OPENAPI,
    REPO,
    SLUG,
    TOKEN,
    USER,
    GitHub,
    Reply,
    forge_on,
    refused,
    scripted,
)

BRANCH, RULES = f"{REPO}/branches/release%2F1", f"{REPO}/rules/branches/release%2F1"
WORKFLOWS, POLICY = f"{REPO}/actions/workflows", f"{REPO}/actions/permissions"
PROPOSES, SECRETS = f"{POLICY}/workflow", f"{REPO}/actions/secrets"
ORGANIZATION = f"{REPO}/actions/organization-secrets"
POLICIES = f"{REPO}/actions/policies"
INSTALLED = "/installation/repositories"
HIDDEN = refused(403, "Resource not accessible by integration")
CHECKS = {"required_status_checks": {"contexts": ["ci", "kerrigan/gate"]}}


@pytest.fixture
def github() -> Iterator[GitHub]:
    """A repository whose settings the token may all see."""
    with scripted() as github:
        github.get(USER, {"login": "ada"}, **{"X-OAuth-Scopes": "repo, workflow"})
        github.get(REPO, repository())
        github.get(BRANCH, {"name": "release/1", "protected": True, "protection": CHECKS})
        github.get(RULES, [])
        github.get(WORKFLOWS, {"total_count": 1, "workflows": [workflow("kerrigan-check.yml", "active")]})
        github.get(POLICY, {"enabled": True, "allowed_actions": "selected", "sha_pinning_required": True})
        github.get(PROPOSES, {"can_approve_pull_request_reviews": False})
        github.get(SECRETS, secrets("OTHER"))
        github.get(ORGANIZATION, secrets("KERRIGAN_TOKEN"))
        github.get(POLICIES, policies())
        yield github


@pytest.fixture
def forge(github: GitHub) -> Iterator[GitHubForge]:
    with forge_on(github) as forge:
        forge.variable = "GH_TOKEN"
        yield forge


def repository(**fields: Any) -> dict[str, Any]:
    """A repository as GitHub tells it, in the fields that are read."""
    owner = {"login": "acme", "type": "Organization"}
    own = {"full_name": SLUG, "default_branch": "release/1", "private": True, "archived": False, "owner": owner}
    return own | {"permissions": {"admin": True, "push": True, "pull": True}} | fields


def workflow(name: str, state: str) -> dict[str, Any]:
    return {"path": f".github/workflows/{name}", "state": state}


def secrets(*names: str) -> dict[str, Any]:
    return {"total_count": len(names), "secrets": [{"name": name} for name in names]}


def policies(*listed: dict[str, Any]) -> dict[str, Any]:
    return {"total_count": len(listed), "policies": list(listed)}


def policy(number: int = 7, enforcement: str = "active", **fields: Any) -> dict[str, Any]:
    """An Actions policy of the organization, as a list of them tells it."""
    named = {"id": number, "name": "guard", "target": "actions", "source_type": "Organization", "source": "acme"}
    return named | {"enforcement": enforcement} | fields


def rule(kind: str, **parameters: Any) -> dict[str, Any]:
    return {"type": kind, "parameters": parameters}


def only(forge: GitHubForge) -> Examined:
    """What is found of the one repository."""
    (found,) = forge.examine([SLUG]).repositories
    return found


def token(forge: GitHubForge) -> Token:
    """What is found of the token."""
    found = forge.examine([]).token
    assert found is not None
    return found


def test_everything_that_an_admin_may_see(forge: GitHubForge) -> None:
    assert only(forge) == Examined(
        SLUG,
        reached=True,
        name=SLUG,
        private=True,
        push=True,
        workflows={"kerrigan-check.yml": "active"},
        required=frozenset({"ci", "kerrigan/gate"}),
        all_rules_seen=True,
        queue=False,
        actions=ActionsPolicy(True, "selected", True),
        proposes=False,
        secret=True,
        policies=(),
    )


def test_the_rules_of_a_branch_are_told_before_there_is_one(github: GitHub, forge: GitHubForge) -> None:
    path = f"{REPO}/rules/branches/kerrigan-state%2Ftodo"
    github.get(path, [{"type": "deletion"}, {"type": "non_fast_forward"}, {"type": "deletion"}])
    assert forge.rules(SLUG, "kerrigan-state/todo") == frozenset({"deletion", "non_fast_forward"})
    github.on("GET", path, HIDDEN)
    assert forge.rules(SLUG, "kerrigan-state/todo") is None


def test_few_requests_are_made_and_all_of_them_only_read(github: GitHub, forge: GitHubForge) -> None:
    forge.examine([SLUG])
    assert github.writes() == []
    assert len(github.seen) <= 1 + 9


def test_githubs_own_examples_are_understood(github: GitHub, forge: GitHubForge) -> None:
    places = {
        USER: "/user",
        REPO: "/repos/{owner}/{repo}",
        f"{REPO}/branches/master": "/repos/{owner}/{repo}/branches/{branch}",
        f"{REPO}/rules/branches/master": "/repos/{owner}/{repo}/rules/branches/{branch}",
        WORKFLOWS: "/repos/{owner}/{repo}/actions/workflows",
        POLICY: "/repos/{owner}/{repo}/actions/permissions",
        PROPOSES: "/repos/{owner}/{repo}/actions/permissions/workflow",
        SECRETS: "/repos/{owner}/{repo}/actions/secrets",
    }
    for path, described in places.items():
        github.undescribed(path, OPENAPI.example(described))
    found = only(forge)
    assert found.name == "octocat/Hello-World"
    assert found.all_rules_seen
    assert found.workflows == {"blank.yaml": "active", "linter.yaml": "active"}
    assert found.actions == ActionsPolicy(True, "selected", True)
    assert found.proposes is True
    assert found.secret is False


def test_what_the_token_may_not_see_is_not_known(github: GitHub, forge: GitHubForge) -> None:
    for path in (RULES, WORKFLOWS, POLICY, PROPOSES, SECRETS, POLICIES):
        github.on("GET", path, HIDDEN)
    found = only(forge)
    assert (found.reached, found.push) == (True, True)
    assert not found.all_rules_seen
    assert found.required == {"ci", "kerrigan/gate"}
    unseen = (found.queue, found.workflows, found.actions, found.proposes, found.secret, found.policies)
    assert unseen == (None, None, None, None, None, None)


def test_an_actions_policy_is_read_with_what_it_allows(github: GitHub, forge: GitHubForge) -> None:
    events = rule("restrict_action_events", allowed_events=["push", "pull_request"])
    actors = rule("restrict_actions_actors", allowed_actors=[{"type": "App", "id": 15368}, {"type": "Team", "id": 3}])
    paths = {"workflow_path": {"include": ["~ALL"], "exclude": [".github/workflows/ci.yml"]}}
    whole = policy(conditions=paths, rules=[events, actors, {"type": "require_lockfile"}])
    expected = ExecutionPolicy(
        "guard",
        "organization acme",
        ("~ALL",),
        (".github/workflows/ci.yml",),
        frozenset({"push", "pull_request"}),
        frozenset({("App", 15368), ("Team", 3)}),
        ("require_lockfile",),
    )
    github.get(POLICIES, policies(whole, policy(8, "evaluate"), policy(9, "disabled")))
    assert only(forge).policies == (expected,)
    github.get(POLICIES, policies(policy()))
    github.get(f"{POLICIES}/7", whole)
    assert only(forge).policies == (expected,), "GitHub may list a policy without its rules"


def test_policies_that_cannot_be_read_whole_are_not_known(github: GitHub, forge: GitHubForge) -> None:
    github.get(POLICIES, policies(policy()))
    assert only(forge).policies is None
    github.undescribed(POLICIES, policies(policy(rules=[{"type": "restrict_action_events"}])))
    assert only(forge).policies is None
    github.get(POLICIES, policies(*(policy(number) for number in range(11))))
    before = len(github.seen)
    assert only(forge).policies is None
    assert len(github.seen) - before <= 1 + 9


def test_a_secret_of_the_organization_that_cannot_be_seen_is_not_missing(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", ORGANIZATION, HIDDEN)
    assert only(forge).secret is None


def test_a_user_has_no_secrets_of_an_organization(github: GitHub, forge: GitHubForge) -> None:
    github.get(REPO, repository(owner={"login": "ada", "type": "User"}))
    assert only(forge).secret is False
    assert github.asked(ORGANIZATION) == []


def test_a_ruleset_asks_for_checks_and_for_the_queue(github: GitHub, forge: GitHubForge) -> None:
    asked = {"required_status_checks": [{"context": "kerrigan/gate", "integration_id": 1}]}
    rules = [{"type": "required_status_checks", "parameters": asked}, {"type": "merge_queue"}, {"type": "deletion"}]
    github.undescribed(RULES, rules)
    github.get(BRANCH, {"name": "release/1", "protected": False, "protection": {"enabled": False}})
    found = only(forge)
    assert found.required == {"kerrigan/gate"}
    assert (found.queue, found.all_rules_seen) == (True, True)


def test_an_archived_and_renamed_repository(github: GitHub, forge: GitHubForge) -> None:
    github.get(REPO, repository(full_name="acme/service", archived=True))
    found = only(forge)
    assert (found.name, found.archived) == ("acme/service", True)


def test_one_repository_that_is_not_there_hides_no_other(github: GitHub, forge: GitHubForge) -> None:
    gone, found = forge.examine(["acme/gone", SLUG]).repositories
    assert (gone.reached, found.reached) == (False, True)
    assert "404" in gone.why
    assert [s.path for s in github.seen if "gone" in s.path] == ["/repos/acme/gone"]


@pytest.mark.parametrize("slug", ["../x", "acme/..", "acme"])
def test_what_is_no_repository_is_not_asked_for(github: GitHub, forge: GitHubForge, slug: str) -> None:
    (found,) = forge.examine([slug]).repositories
    assert found.reached is False
    assert [s.path for s in github.seen] == [USER]


@pytest.mark.parametrize("reply", [BAD_GATEWAY, DROPPED, Reply(200, text="<html>"), HIDDEN])
def test_a_repository_that_nobody_answers_for_is_not_known(github: GitHub, forge: GitHubForge, reply: Reply) -> None:
    github.on("GET", REPO, reply)
    found = only(forge)
    assert found.reached is None
    assert found.why


def test_a_users_token_says_who_it_is(github: GitHub, forge: GitHubForge) -> None:
    assert token(forge) == Token("user", "GH_TOKEN", "ada", frozenset({"repo", "workflow"}))
    github.get(USER, {"login": "ada"}, **{"X-OAuth-Scopes": ""})
    assert token(forge).scopes == frozenset()
    github.get(USER, {"login": "ada"})
    assert token(forge).scopes is None


def test_an_installations_token_is_told_by_what_it_reaches(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", USER, HIDDEN)
    assert token(forge) == Token("installation", "GH_TOKEN")
    github.get(INSTALLED, {"total_count": 1, "repositories": []})
    assert token(forge) == Token("installation", "GH_TOKEN", reaches=1)


def test_a_refused_token_asks_nothing_more(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", USER, refused(401, "Bad credentials"))
    found = forge.examine([SLUG])
    assert found.token is not None
    assert (found.token.kind, found.repositories) == ("refused", ())
    assert len(github.seen) == 1


@pytest.mark.parametrize("reply", [DROPPED, BAD_GATEWAY, NOT_FOUND, Reply(200, text="[]")])
def test_a_server_that_is_down_is_asked_once(github: GitHub, forge: GitHubForge, reply: Reply) -> None:
    github.on("GET", USER, reply)
    found = forge.examine([SLUG, "acme/web"])
    assert found.token is not None
    assert found.token.kind == "unknown"
    assert [r.reached for r in found.repositories] == [None, None]
    assert {s.path for s in github.seen} == {USER}


def test_without_a_token_what_is_public_is_looked_at(github: GitHub) -> None:
    with forge_on(github, token=None) as forge:
        found = forge.examine([SLUG])
    assert found.token == Token("none")
    assert found.repositories[0].reached
    assert github.asked(USER) == []


def test_nothing_that_is_found_holds_the_token(forge: GitHubForge) -> None:
    assert TOKEN not in repr(forge.examine([SLUG]))


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({"GITHUB_TOKEN": "a", "GH_TOKEN": "b"}, "GITHUB_TOKEN"),
        ({"KERRIGAN_TOKEN": " ", "GH_TOKEN": "b"}, "GH_TOKEN"),
        ({}, ""),
    ],
)
def test_the_variable_that_the_token_came_from_is_known(environment: dict[str, str], variable: str) -> None:
    forge = connect("https://github.com", SLUG, environment)
    assert forge.variable == variable
    forge.client.close()


def test_a_token_that_is_none_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(UnreadableError):
        connect("https://github.com", SLUG, {"GH_TOKEN": "two words"})
