"""What people and strangers say in a walk: comments, labels, reviews and holds; and every act, with its weight."""

from collections.abc import Callable

from tests.walk.acts import (
    VERBS,
    any_command,
    any_merge,
    any_push,
    any_report,
    anywhere,
    ask,
    deleted,
    edited,
    onwards,
    opened,
    pushed_to_main,
    reverted,
)  # fmt: skip
from tests.walk.world import API, PEOPLE, World

Act = Callable[[World], str | None]

WORDS = {"hand-off": "testing", "grant": "start"}
LABELS = ("role:testing", "role:swe", "agent:go", "kerrigan:block", "kerrigan:unblock", "kerrigan:retry", "status:done",
          "kerrigan:approve", "kerrigan:cancel", "kerrigan:nonsense", "role:Not A Role", "bug")  # fmt: skip


def commented(world: World) -> str | None:
    """Somebody comments on a pull request, and may change or delete it before anyone has read it."""
    found = anywhere(world, world.chance.choice(("open", "open", "all")))
    if not found:
        return None
    slug, pull = found
    who, verb = world.chance.choice(list(PEOPLE)), world.chance.choice((*VERBS, "pause", "resume", "resume"))
    text = f"/kerrigan {verb} {WORDS.get(verb, '')} because".replace("  ", " ")
    done = ask(world, who, "POST", f"/repos/{slug}/issues/{pull['number']}/comments", {"body": text})
    said = f"{who} comments on {slug}#{pull['number']}: {text} ({done.status})"
    if done.ok and world.chance.random() < 0.15:
        editor, body = (
            world.chance.choice((who, "ada")),
            world.chance.choice(("no, wait", "/kerrigan block wait", None)),
        )
        path = f"/repos/{slug}/issues/comments/{done.body['id']}"
        then = ask(world, editor, "DELETE" if body is None else "PATCH", path, body and {"body": body})
        said += f"; {editor} makes {body!r} of it ({then.status})"
    return said


def labelled(world: World) -> str | None:
    """Somebody sets a label, or takes one off."""
    found = anywhere(world, world.chance.choice(("open", "open", "all")))
    if not found:
        return None
    slug, pull = found
    who, label = world.chance.choice(("ada", "ben", "tim", "eve")), world.chance.choice(LABELS)
    path = f"/repos/{slug}/issues/{pull['number']}/labels"
    present = [one["name"] for one in pull["labels"]]
    if present and world.chance.random() < 0.3:
        label = world.chance.choice(present)
        done = ask(world, who, "DELETE", f"{path}/{label}")
        return f"{who} takes {label} off {slug}#{pull['number']} ({done.status})"
    done = ask(world, who, "POST", path, {"labels": [label]})
    return f"{who} sets {label} on {slug}#{pull['number']} ({done.status})"


def reviewed(world: World) -> str | None:
    """Somebody reviews a pull request, or dismisses a review."""
    found = anywhere(world)
    if not found:
        return None
    slug, pull = found
    who, path = world.chance.choice(("ada", "ben", "eve")), f"/repos/{slug}/pulls/{pull['number']}/reviews"
    event = world.chance.choice(("APPROVE", "REQUEST_CHANGES", "COMMENT", "DISMISS"))
    if event == "DISMISS":
        rows = ask(world, "ada", "GET", path).body
        decisive = [row for row in rows if row["state"] in ("APPROVED", "CHANGES_REQUESTED")]
        if not decisive:
            return None
        chosen = world.chance.choice(decisive)["id"]
        done = ask(world, "ada", "PUT", f"{path}/{chosen}/dismissals", {"message": "not any more"})
        return f"ada dismisses a review of {slug}#{pull['number']} ({done.status})"
    done = ask(world, who, "POST", path, {"event": event, "body": "because"})
    return f"{who} reviews {slug}#{pull['number']}: {event} ({done.status})"


def held(world: World) -> str:
    """Somebody pauses the project, or lets it go on."""
    verb = world.chance.choice(("pause", "stop", "resume", "resume", "resume"))
    answer = world.person("ada", API, verb, "todo", "--reason", "because")
    return f"ada: kerrigan {verb} todo ({answer.code})"


ACTS: dict[Act, int] = {
    onwards: 34, any_merge: 4, any_command: 8, any_push: 7, any_report: 5, edited: 9, opened: 5, deleted: 3,
    reverted: 4, commented: 11, labelled: 6, reviewed: 6, pushed_to_main: 2, held: 3,
}  # fmt: skip
"""Every act, and how often it comes in a hundred."""
