"""Which files of a tree are a team's own artifacts. Imported late: most trees have none."""

from collections.abc import Mapping

from kerrigan.model.checks.checking import Artifact
from kerrigan.model.paths import fits
from kerrigan.model.project import Workspace


def inside(root: str, path: str) -> str | None:
    """A path from the folder of a repository ("" for the root of the tree); None for one outside of it."""
    if not root:
        return path
    return path[len(root) + 1 :] if path.startswith(f"{root}/") else None


def own_artifacts(workspaces: Mapping[str, Workspace], path: str) -> tuple[tuple[str, Artifact], ...]:
    """What the teams want of a file of their own, each with the folder of the repository that wants it."""
    return tuple(
        (root, artifact)
        for root, space in workspaces.items()
        for artifact in space.check.artifacts
        if (inner := inside(root, path)) and fits(inner, artifact.glob)
    )
