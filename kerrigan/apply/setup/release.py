"""The action at the commit that runs here, so that what `kerrigan init` writes never moves under anyone."""

from kerrigan.apply.setup.templates import REPOSITORY
from kerrigan.files import built_from, checkout
from kerrigan.git.published import published_commit


def pinned_action() -> str | None:
    """`OWNER/NAME@COMMIT # vX.Y.Z` of this release; None for a commit that the action's repository may not have."""
    root = checkout()
    commit, _, tag = ((published_commit(root, REPOSITORY) if root else built_from()) or "").partition(" ")
    comment = f" # {tag}" if tag else ""
    return f"{REPOSITORY}@{commit}{comment}" if commit else None
