"""The merge button of the local forge: a real merge commit, and the payload that GitHub would send about it."""

from typing import Any

from kerrigan.errors import UnreadableError
from kerrigan.git.repo import GitError, git
from kerrigan.local.forge import LocalForge


def merge(forge: LocalForge, slug: str, number: int, login: str) -> dict[str, Any]:
    """Merge a pull request into the default branch and return GitHub's `pull_request` `closed` payload.

    Raises UnreadableError for one that is not open or is in conflict.
    """
    store = forge.store(slug)
    with store.locked():
        found = forge.pull_request(slug, number)
        raw = store.read(f"pulls/{number}.json")
        if found is None or raw is None or not found.open:
            raise UnreadableError(f"{slug} has no open pull request #{number}", kind="no-pull-request")
        commit = _merge_commit(forge, slug, found.head, f"Merge pull request #{number} from {found.branch}", login)
        store.write(f"pulls/{number}.json", raw | {"head": found.head, "merged_as": commit, "merged_by": login})
    branch = forge.default_branch(slug)
    return {
        "action": "closed",
        "number": number,
        "pull_request": {
            "number": number,
            "merged": True,
            "merge_commit_sha": commit,
            "title": raw["title"],
            "body": raw["body"],
            "user": {"login": found.author, "type": "User"},
            "labels": [{"name": label} for label in raw["labels"]],
            "head": {"ref": found.branch, "sha": found.head, "repo": {"full_name": slug}},
            "base": {"ref": branch, "sha": commit, "repo": {"full_name": slug}},
        },
        "repository": {"full_name": slug, "default_branch": branch},
        "sender": {"login": login, "type": "User"},
    }


def _merge_commit(forge: LocalForge, slug: str, head: str, message: str, login: str) -> str:
    folder = forge.path(slug)
    branch = forge.default_branch(slug)
    base = git("rev-parse", f"refs/heads/{branch}", cwd=folder)
    try:
        tree = git("merge-tree", "--write-tree", base, head, cwd=folder)
    except GitError as error:
        raise UnreadableError(
            f"{slug}: {head[:10]} conflicts with {branch}",
            kind="merge-conflict",
            next_step=f"merge {branch} into the task's branch and push",
        ) from error
    who = ("-c", f"user.name={login}", "-c", "user.email=merge@localhost")
    commit = git(*who, "commit-tree", tree, "-p", base, "-p", head, "-m", message, cwd=folder)
    git("update-ref", f"refs/heads/{branch}", commit, base, cwd=folder)
    return commit
