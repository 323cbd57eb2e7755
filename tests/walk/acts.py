"""What people do to tasks, branches and pull requests in a walk. Each says what was done, or None for nothing.

Everything here goes through the API and through git, as it would on GitHub, or is a command on someone's laptop.
"""

from typing import Any

from tests.box.commands import CommandError
from tests.box.messages import Answer
from tests.walk.world import API, FINE, REPOSITORIES, REPOSITORY_OF, WRITERS, World

VERBS = (
    *("claim", "start", "submit", "pass-tests", "fail-tests", "approve", "reject", "complete", "fail", "retry"),
    *("escalate", "release", "block", "unblock", "hand-off", "grant", "cancel", "heartbeat", "reopen", "aprove", ""),
)
METHODS = ("merge", "squash", "rebase")


def pulls(world: World, slug: str, state: str = "open") -> list[dict[str, Any]]:
    """The pull requests of a repository."""
    found = world.box.call("ada", "GET", f"/repos/{slug}/pulls?state={state}&per_page=100")
    assert found.ok, found
    rows: list[dict[str, Any]] = found.body
    return rows


def is_own(pull: dict[str, Any]) -> bool:
    """Whether it is a task's own pull request."""
    return bool(pull["head"]["ref"].startswith("kerrigan/") and pull["base"]["ref"] == "main")


def anywhere(world: World, state: str = "open") -> tuple[str, dict[str, Any]] | None:
    """One pull request of any repository."""
    found = [(slug, pull) for slug in REPOSITORIES for pull in pulls(world, slug, state)]
    return world.chance.choice(found) if found else None


def ask(world: World, who: str, method: str, path: str, body: object = None) -> Answer:
    """One request of somebody; what GitHub refuses is no fault of the walk's."""
    answer = world.box.call(who, method, path, body)
    assert answer.status < 500, answer
    return answer


def command(world: World, who: str, verb: str, task: str) -> str:
    """Somebody asks on the command line, in any clone."""
    slug = world.chance.choice(REPOSITORIES)
    words = ["--role", "testing"] if verb == "hand-off" else ["--what", "start"] if verb == "grant" else []
    codes = (*FINE, 3) if verb == "submit" else FINE
    answer = world.person(who, slug, "task", verb, task, "--reason", "because", *words, codes=codes)
    return f"{who}: kerrigan task {verb} {task} ({answer.code})"


def push(world: World, who: str, task: str, *, anew: bool = False) -> str:
    """Push a commit onto a task's branch, or another one in place of all that were there."""
    slug, branch = REPOSITORY_OF[task], f"kerrigan/{task}"
    text = f"{world.chance.random()}\n"
    try:
        if anew and f"refs/heads/{branch}" in world.box.heads(slug):
            tip = world.box.tip(slug)
            made = world.box.push(slug, f"spare-{len(world.trace)}", {f"{task}.txt": text}, who, "Write it anew")
            ref = f"/repos/{slug}/git/refs/heads/{branch}"
            done = ask(world, who, "PATCH", ref, {"sha": made, "force": True})
            return f"{who} force-pushes {branch} to {made[:7]} on {tip[:7]} ({done.status})"
        made = world.box.push(slug, branch, {f"{task}.txt": text}, who, "Change it")
    except CommandError as error:
        return f"{who} may not push {branch}: {str(error)[-40:]!r}"
    return f"{who} pushes {made[:7]} onto {branch}"


def statuses(world: World) -> dict[str, dict[str, Any]]:
    """Every task as `kerrigan status` shows it, by id."""
    return {task["id"]: task for task in board(world)["tasks"]}


def board(world: World) -> dict[str, Any]:
    """What `kerrigan status` shows of the project."""
    found: dict[str, Any] = world.person("ada", API, "status", "todo", "--json").json()["projects"][0]
    return found


def onwards(world: World) -> str | None:
    """The usual next step of a task: without it a walk would end in the first bush."""
    tasks = statuses(world)
    moving = [task for task in tasks.values() if task["status"] != "done" and task["readiness"] in (None, "ready")]
    if not moving:
        return None
    task = world.chance.choice(moving)
    holder = (task["holder"] or {}).get("login", "")
    who = holder if holder in WRITERS else world.chance.choice(WRITERS)
    return _onwards(world, who, task)


def _onwards(world: World, who: str, task: dict[str, Any]) -> str | None:
    name, status, submitted = task["id"], task["status"], task["pull_request"]
    match status:
        case "open":
            return command(world, who, "claim", name)
        case "claimed":
            return command(world, who, "start", name)
        case "working":
            return "; ".join((push(world, who, name), command(world, who, "submit", name)))
        case "testing" if submitted:
            return report(world, submitted["repository"], submitted["head"], "success")
        case "in_review" if submitted and submitted["number"]:
            number, slug = submitted["number"], submitted["repository"]
            body = {"event": "APPROVE"}
            done = ask(world, who, "POST", f"/repos/{slug}/pulls/{number}/reviews", body)
            return f"{who} approves {slug}#{number} by a review ({done.status})"
        case "approved" if submitted and submitted["number"]:
            return merge(world, who, submitted["repository"], submitted["number"])
        case "failed":
            return command(world, who, "retry", name)
        case "blocked":
            return command(world, who, "unblock", name)
        case "escalated" | "cancelled":
            return command(world, who, "reopen", name)
        case _:
            return None


def report(world: World, slug: str, sha: str, state: str) -> str:
    """Report a test of a commit."""
    done = ask(world, "ada", "POST", f"/repos/{slug}/statuses/{sha}", {"state": state, "context": "ci"})
    return f"the test of {sha[:7]} says {state} ({done.status})"


def merge(world: World, who: str, slug: str, number: int) -> str:
    """Merge a pull request in one of the three ways."""
    method = world.chance.choice(METHODS)
    done = ask(world, who, "PUT", f"/repos/{slug}/pulls/{number}/merge", {"merge_method": method})
    return f"{who} merges {slug}#{number} by {method} ({done.status})"


def any_merge(world: World) -> str | None:
    found = anywhere(world)
    return merge(world, "ada", found[0], found[1]["number"]) if found else None


def any_command(world: World) -> str:
    verb = world.chance.choice(VERBS[:-2])
    return command(world, world.chance.choice(WRITERS), verb, world.chance.choice(list(REPOSITORY_OF)))


def any_push(world: World) -> str:
    who, task = world.chance.choice((*WRITERS, *WRITERS, "eve")), world.chance.choice(list(REPOSITORY_OF))
    return push(world, who, task, anew=world.chance.random() < 0.3)


def any_report(world: World) -> str | None:
    found = anywhere(world)
    state = world.chance.choice(("success", "failure", "pending"))
    return report(world, found[0], found[1]["head"]["sha"], state) if found else None


def edited(world: World) -> str | None:
    """Close, open again, retarget, draft, or change the words of a pull request."""
    found = anywhere(world, "all")
    if not found:
        return None
    slug, pull = found
    fields: dict[str, Any] = world.chance.choice(
        [
            {"state": "closed" if pull["state"] == "open" else "open"},
            {"base": "release" if pull["base"]["ref"] == "main" else "main"},
            {"draft": not pull.get("draft")},
            {"body": f"Depends-on: #{world.chance.randint(1, 4)}\n"},
        ]
    )
    if pull.get("merged_at") and "body" not in fields:
        return None
    if (
        "state" in fields
        and fields["state"] == "open"
        and f"refs/heads/{pull['head']['ref']}" not in world.box.heads(slug)
    ):
        return None  # GitHub does not open one whose branch is gone
    done = ask(world, "ada", "PATCH", f"/repos/{slug}/pulls/{pull['number']}", fields)
    return f"ada changes {slug}#{pull['number']} to {fields} ({done.status})"


def opened(world: World) -> str | None:
    """Open a pull request by hand: a task's own, one to another branch, or one that only names a task."""
    task = world.chance.choice(list(REPOSITORY_OF))
    slug, branch, kind = (
        REPOSITORY_OF[task],
        f"kerrigan/{task}",
        world.chance.choice(("own", "release", "named", "free")),
    )
    if kind in ("named", "free"):
        branch = f"by-hand-{len(world.trace)}"
        world.box.push(slug, branch, {f"{branch}.txt": "by hand\n"}, "ben", "By hand")
    body = f"Kerrigan-Task: {task}\n" if kind == "named" else ""
    wanted = {"head": branch, "base": "release" if kind == "release" else "main", "title": "By hand", "body": body}
    done = ask(world, "ben", "POST", f"/repos/{slug}/pulls", wanted)
    return f"ben opens a pull request of {branch} to {wanted['base']} {body.strip()} ({done.status})"


def deleted(world: World) -> str | None:
    """Delete a task's branch, or bring it back."""
    slug, name = world.chance.choice([(REPOSITORY_OF[task], f"kerrigan/{task}") for task in REPOSITORY_OF])
    if f"refs/heads/{name}" in world.box.heads(slug):
        done = ask(world, "ada", "DELETE", f"/repos/{slug}/git/refs/heads/{name}")
        return f"ada deletes {name} ({done.status})"
    last = [pull for pull in pulls(world, slug, "all") if pull["head"]["ref"] == name]
    if not last:
        return None
    sha = max(last, key=lambda pull: int(pull["number"]))["head"]["sha"]
    done = ask(world, "ada", "POST", f"/repos/{slug}/git/refs", {"ref": f"refs/heads/{name}", "sha": sha})
    return f"ada restores {name} at {sha[:7]} ({done.status})"


def reverted(world: World) -> str | None:
    """Revert a merge on the default branch, or take it off by a force push."""
    found = [(s, pull) for s in REPOSITORIES for pull in pulls(world, s, "closed") if pull.get("merged_at")]
    if not found:
        return None
    slug, pull = world.chance.choice(found)
    merge_commit = pull["merge_commit_sha"]
    if world.chance.random() < 0.3 and world.box.tip(slug) == merge_commit:
        before = world.box.repositories[slug].commit_of(f"{merge_commit}^")
        done = ask(world, "ada", "PATCH", f"/repos/{slug}/git/refs/heads/main", {"sha": before, "force": True})
        return f"ada takes {merge_commit[:7]} off main of {slug} ({done.status})"
    words = f'Revert "{pull["title"]}"\n\nThis reverts commit {merge_commit}.'
    world.box.push(slug, "main", {f"reverted/{merge_commit[:7]}.txt": "reverted\n"}, "ada", words)
    return f"ada reverts {merge_commit[:7]} of {slug}#{pull['number']}"


def pushed_to_main(world: World) -> str:
    """A change of the default branch that is for no task; at home it is one of a plan's words."""
    slug = world.chance.choice(REPOSITORIES)
    world.box.push(slug, "main", {f"other/{len(world.trace)}.txt": "other\n"}, "ada", "Change something else")
    return f"ada pushes onto main of {slug}"
