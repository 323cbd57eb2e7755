"""A team's own JSON Schema that cannot be used."""

from collections.abc import Iterator

from kerrigan.check.examples import CONFIG, FOLDER, new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Schemas that kerrigan.yml names and that are not there; the others are found where they are used."""
    known = {*tree.documents, *(problem.path for problem in tree.problems)}
    for root, space in tree.workspaces.items():
        config = tree.documents.get(f"{root}/{CONFIG}" if root else CONFIG)
        for index, artifact in enumerate(space.check.artifacts if config else ()):
            path = f"{root}/{artifact.schema}" if root else artifact.schema
            if config and artifact.schema and path not in known:
                span = config.positions.value(("check", "artifacts", index, "schema"))
                message = f"there is no file {artifact.schema} in this repository"
                yield Diagnostic("broken-schema", Severity.error, config.path, span, message, f"write {path}")


_CONFIG = """\
check:
  artifacts:
    - {glob: "specs/projects/*/risk.yml", schema: schemas/risk.schema.json}
"""
_FILES = {**new_project(), CONFIG: _CONFIG, f"{FOLDER}/risk.yml": "level: high\n"}
_SCHEMA = '{"properties": {"level": {"type": "%s"}}}\n'

RULE = Rule(
    name="broken-schema",
    severity=Severity.error,
    wants="A schema that kerrigan.yml names is a JSON Schema in this repository, whole in its file.",
    why="Without it nothing is checked in the files that it is for. What lies elsewhere is never fetched.",
    bad={**_FILES, "schemas/risk.schema.json": _SCHEMA % "strng"},
    good={**_FILES, "schemas/risk.schema.json": _SCHEMA % "string"},
    find=find,
)
