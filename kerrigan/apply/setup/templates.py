"""What `kerrigan init` writes: the shipped files, with the few words that differ from repository to repository."""

import json
import re
from collections.abc import Mapping, Sequence

from kerrigan.errors import UsageError
from kerrigan.files import shipped
from kerrigan.load.documents import parse_yaml
from kerrigan.model.names import short_name

REPOSITORY = "kerrigan-dev/kerrigan"
"""Where the action is published."""

ACTION = f"{REPOSITORY}@v1"
"""The action as the shipped workflows name it."""

OFTEN, HOURLY = "cron: 7-59/30 * * * *", "cron: 37 * * * *"
"""When reconcile runs at home, and in a satellite, which has no dispatches and leases to look after."""

_PATH = r"[A-Za-z0-9_][\w.-]*"
_ACTION = re.compile(rf"\./[\w./-]*|(?:{_PATH}/{_PATH}(?:/{_PATH})*@)?{_PATH}(?:/{_PATH})*", re.ASCII)
_COMMIT = re.compile(r"(?:^\./|@[0-9a-f]{40}(?: #.*)?$)")
_PLAIN = re.compile(r"[A-Za-z][\w./ -]*(?<! )", re.ASCII)
_UNPINNED = " # zizmor: ignore[unpinned-uses]"


def configuration(home: str | None) -> str:
    """`.github/kerrigan.yml`, of a home repository or of a satellite of `home`."""
    text = _start("kerrigan.yml")
    return f"{text}\n# The projects and their state are there.\nhome: {home}\n" if home else text


def spec(project: str, repositories: Mapping[str, str]) -> str:
    """A spec.md to fill in; `repositories` are addresses by short name."""
    title = project.replace("-", " ").strip().capitalize()
    listed = "".join(f"  - name: {_scalar(name)}\n    url: {url}\n" for name, url in repositories.items())
    head = f"kerrigan: 7\nrepositories:\n{listed}" if listed else "kerrigan: 7\n"
    return _start("spec.md").replace("# Start\n", f"# {title}\n").replace("kerrigan: 7\n", head)


def tasks(repositories: Mapping[str, str]) -> str:
    """A tasks.yml with two tasks, the second one in the first of these repositories."""
    text = _start("tasks.yml")
    where = next((f"    repository: {_scalar(name)}\n" for name in repositories), "")
    return text.replace("    role: swe\n", f"    role: swe\n{where}")


def short_names(slugs: Sequence[str]) -> dict[str, str]:
    """Each repository, once, by the short name that its tasks use; its owner's name comes in where two are the same."""
    named: dict[str, str] = {}
    for slug in dict.fromkeys(slugs):
        name = short_name(slug)
        named[short_name(slug.replace("/", "-")) if name in named else name] = slug
    return named


def workflows(action: str, branch: str, tests: Sequence[str], projects: str, home: str | None) -> dict[str, str]:
    """The workflows by name, using this action, for this default branch; `tests` are the workflows that test.

    `projects` is the folder they are kept in. A satellite of `home` has no journal, and looks at its gates less often.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(shipped("workflows").glob("*.yml"))}
    pinned = action if is_pinned(action) else f"{action}{_UNPINNED}"
    ended = ", ".join(["Kerrigan work", *map(_scalar, tests)])
    changes = {
        f"{ACTION}{_UNPINNED}": pinned,
        "branches: [main]": f"branches: [{_scalar(branch)}]",
        "workflows: [Kerrigan work]": f"workflows: [{ended}]",
        "specs/**]": f"{_scalar(f'{projects}/**')}]" if not f"{projects}/".startswith("specs/") else "specs/**]",
        OFTEN: HOURLY if home else OFTEN,
    }
    texts["kerrigan-check.yml"] = without_alone(texts["kerrigan-check.yml"])
    for old, new in changes.items():
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    return texts


def without_alone(check: str) -> str:
    """`kerrigan-check.yml` without what it does only where it is alone: it would look at the gates a second time."""
    together = re.sub(r"(?m)^  schedule:\n    - cron: .*\n", "", check).replace(", closed]", "]")
    return together.partition("\n  # Where this workflow is alone:")[0]


def action_named(text: str | None, own: str | None = None) -> str:
    """`OWNER/NAME@REF`, from itself, from a bare REF of the shipped action, or ./FOLDER; `own` where nothing is named.

    Raises UsageError.
    """
    if text is None:
        return own or ACTION
    if not _ACTION.fullmatch(text) or ".." in text:
        raise UsageError(
            f"--action is {text!a}; expected a ref such as v1, or OWNER/NAME@REF",
            kind="action",
            next_step=f"leave it out for {own or ACTION}",
        )
    return text if "@" in text or text.startswith("./") else f"{REPOSITORY}@{text}"


def is_pinned(action: str) -> bool:
    """Whether an action is named by a commit, or is a folder of the repository itself: nothing moves under it."""
    return _COMMIT.search(action) is not None


def tests_of(found: Mapping[str, str]) -> list[str]:
    """The names of the workflows, of these texts by path, that run for pull requests."""
    names = []
    for path, text in found.items():
        data = parse_yaml(path, text).data
        if isinstance(data, dict) and runs_on(data, "pull_request"):
            name = data.get("name")
            names.append(name if isinstance(name, str) and name.isprintable() else path)
    return names


def runs_on(workflow: object, event: str) -> bool:
    """Whether a workflow, as its file was parsed, names an event under `on:`."""
    return event in events_of(workflow)


def events_of(workflow: object) -> tuple[str, ...]:
    """The events that a workflow, as its file was parsed, names under `on:`: alone, in a list or as keys."""
    events = workflow.get("on") if isinstance(workflow, dict) else None
    listed = [events] if isinstance(events, str) else events if isinstance(events, list | dict) else []
    return tuple(str(event) for event in listed)


def _scalar(text: str) -> str:
    # Read as text whatever it looks like: a repository may be called `on`, a branch 1.0.
    is_word = _PLAIN.fullmatch(text) and parse_yaml("", text).data == text
    return text if is_word else json.dumps(text, ensure_ascii=False)


def _start(name: str) -> str:
    return (shipped("examples") / "start" / name).read_text(encoding="utf-8")
