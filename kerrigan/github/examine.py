"""What a token is and what repositories are set to, by reading: nothing is written, and few requests are made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from kerrigan.errors import KerriganError, UndecidedError, UnreadableError
from kerrigan.github.address import part, repository
from kerrigan.github.client import Client
from kerrigan.github.response import Json, Response
from kerrigan.model.forge.health import ActionsPolicy, Examination, Examined, ExecutionPolicy, Token

T = TypeVar("T")

SECRET = "KERRIGAN_TOKEN"  # noqa: S105 - its name
"""The secret that the shipped workflows take their token from."""

_EVENTS, _ACTORS = "restrict_action_events", "restrict_actions_actors"
"""The rules of a policy that are understood."""

_MOST_POLICIES = 10
"""More policies than this that GitHub lists without their rules are not asked for one by one."""


def examine(client: Client, variable: str, slugs: Sequence[str]) -> Examination:
    """The token, which came from this environment variable, and each of these repositories as it sees them."""
    token = identify(client, variable)
    if token.kind == "refused":
        return Examination(token, ())
    if token.kind == "unknown":
        return Examination(token, tuple(Examined(slug, None, token.why) for slug in slugs))
    return Examination(token, tuple(_examined(client, slug) for slug in slugs))


def identify(client: Client, variable: str) -> Token:
    """What the token is and who it acts as. GitHub tells a user's by its owner, and an installation's by a refusal."""
    if client.token is None:
        return Token("none")
    try:
        answer = client.look("/user")
        if answer.good:
            return _user(variable, answer)
        if answer.status == 403:
            reaches = _known(lambda: client.get("/installation/repositories", _total, per_page=1))
            return Token("installation", variable, reaches=reaches)
        refused = answer.status == 401
        return Token("refused" if refused else "unknown", variable, why=answer.error().message)
    except UndecidedError as error:
        return Token("unknown", variable, why=error.message)


def _user(variable: str, answer: Response) -> Token:
    login = answer.json.get("login") if isinstance(answer.json, dict) else None
    if not isinstance(login, str):
        raise answer.not_understood("it names no login")
    scopes = answer.headers.get("x-oauth-scopes")
    return Token("user", variable, login, None if scopes is None else _words(scopes))


def _examined(client: Client, slug: str) -> Examined:
    try:
        found, default, owner = client.get(repository(slug), lambda raw: _repository(slug, raw))
    except UndecidedError as error:
        return Examined(slug, None, error.message)
    except UnreadableError as error:
        return Examined(slug, False, error.message)
    return _secret(client, _policed(client, _settings(client, _rules(client, found, default))), owner)


def _repository(slug: str, raw: Json) -> tuple[Examined, str, str]:
    found = Examined(
        slug,
        reached=True,
        name=str(raw["full_name"]),
        archived=bool(raw.get("archived")),
        private=bool(raw.get("private")),
        push=(raw.get("permissions") or {}).get("push"),
    )
    return found, str(raw["default_branch"]), str((raw.get("owner") or {}).get("type"))


def _rules(client: Client, found: Examined, default: str) -> Examined:
    """With what has to hold before a merge: by branch protection, which every reader sees, and by rulesets."""
    base = repository(found.slug)
    protected = _known(lambda: client.get(f"{base}/branches/{part(default)}", _protected))
    rules = _known(lambda: list(client.pages(f"{base}/rules/branches/{part(default)}", _rule)))
    named = (name for _, names in rules or () for name in names)
    return replace(
        found,
        required=frozenset([*(protected or ()), *named]),
        all_rules_seen=protected is not None and rules is not None,
        queue=None if rules is None else any(kind == "merge_queue" for kind, _ in rules),
    )


def branch_rules(client: Client, slug: str, branch: str) -> frozenset[str] | None:
    """The kinds of rules in force for a branch; None where the token may not see them."""
    path = f"{repository(slug)}/rules/branches/{part(branch)}"
    return _known(lambda: frozenset(kind for kind, _ in client.pages(path, _rule)))


def _settings(client: Client, found: Examined) -> Examined:
    """With its workflows, and what admins may see of how Actions is set."""
    actions = f"{repository(found.slug)}/actions"
    states = _known(lambda: dict(client.pages(f"{actions}/workflows", _workflow, key="workflows")))
    policy = _known(lambda: client.get(f"{actions}/permissions", _policy))
    proposes = _known(
        lambda: client.get(f"{actions}/permissions/workflow", lambda raw: bool(raw["can_approve_pull_request_reviews"]))
    )
    return replace(found, workflows=states, actions=policy, proposes=proposes)


def _policed(client: Client, found: Examined) -> Examined:
    """With the Actions policies that are enforced here: only who administers the repository may read them."""
    base = f"{repository(found.slug)}/actions/policies"
    listed = _known(lambda: [one for one in client.pages(base, _listed, key="policies") if one is not None])
    if listed is None or sum(isinstance(one, int) for one in listed) > _MOST_POLICIES:
        return found

    def whole(one: int | ExecutionPolicy) -> ExecutionPolicy:
        return one if isinstance(one, ExecutionPolicy) else client.get(f"{base}/{one}", _execution)

    return replace(found, policies=_known(lambda: tuple(map(whole, listed))))


def _secret(client: Client, found: Examined, owner: str) -> Examined:
    """With whether its workflows have a token of Kerrigan's: the repository's own, or the organization's."""
    for kind in ["secrets"] if owner == "User" else ["secrets", "organization-secrets"]:
        names = _names(client, f"{repository(found.slug)}/actions/{kind}")
        if names is None:
            return found
        if SECRET in names:
            return replace(found, secret=True)
    return replace(found, secret=False)


def _names(client: Client, path: str) -> list[str] | None:
    return _known(lambda: list(client.pages(path, lambda raw: str(raw["name"]), key="secrets")))


def _known(ask: Callable[[], T]) -> T | None:
    """An answer, or None: what the token may not see and what did not arrive are both not known."""
    try:
        return ask()
    except KerriganError:
        return None


def _protected(raw: Json) -> list[str]:
    checks = (raw.get("protection") or {}).get("required_status_checks") or {}
    return [str(name) for name in checks.get("contexts") or ()]


def _rule(raw: Json) -> tuple[str, list[str]]:
    checks: Iterable[Json] = (raw.get("parameters") or {}).get("required_status_checks") or ()
    return str(raw["type"]), [str(check["context"]) for check in checks]


def _workflow(raw: Json) -> tuple[str, str]:
    return str(raw["path"]).removeprefix(".github/workflows/"), str(raw["state"])


def _policy(raw: Json) -> ActionsPolicy:
    return ActionsPolicy(bool(raw["enabled"]), raw.get("allowed_actions") or "", bool(raw.get("sha_pinning_required")))


def _listed(raw: Json) -> int | ExecutionPolicy | None:
    """A policy of a list, or its id where the list leaves its rules out; None for one that is not enforced."""
    if raw["enforcement"] != "active":
        return None
    return _execution(raw) if "rules" in raw else int(raw["id"])


def _execution(raw: Json) -> ExecutionPolicy:
    paths = (raw.get("conditions") or {}).get("workflow_path") or {}
    rules = [(str(rule["type"]), rule.get("parameters") or {}) for rule in raw.get("rules") or ()]
    events = [frozenset(map(str, given["allowed_events"])) for kind, given in rules if kind == _EVENTS]
    actors = [
        frozenset((str(actor["type"]), int(actor["id"])) for actor in given["allowed_actors"])
        for kind, given in rules
        if kind == _ACTORS
    ]
    return ExecutionPolicy(
        name=str(raw.get("name") or raw["id"]),
        source=f"{str(raw.get('source_type') or 'repository').lower()} {raw.get('source') or ''}".strip(),
        included=tuple(map(str, paths.get("include") or ())),
        excluded=tuple(map(str, paths.get("exclude") or ())),
        events=frozenset.intersection(*events) if events else None,
        actors=frozenset.intersection(*actors) if actors else None,
        other=tuple(kind for kind, _ in rules if kind not in (_EVENTS, _ACTORS)),
    )


def _total(raw: Json) -> int:
    return int(raw["total_count"])


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(",") if word.strip())
