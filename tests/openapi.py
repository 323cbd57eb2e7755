"""GitHub's own description of its API as an oracle: is this a request it takes, and an answer it could give?

`tests/data/github-openapi.json.gz` is the part of `@octokit/openapi` 23.0.2 (`api.github.com.json`, MIT) that is about
the paths below. Renew it: `python -m tests.openapi PATH/TO/api.github.com.json`.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft202012Validator

from tests.github_newer import NEWER

DATA = Path(__file__).parent / "data" / "github-openapi.json.gz"

_REPO = "/repos/{owner}/{repo}"
USED = {
    "/installation/repositories": "get",
    "/user": "get",
    _REPO: "get",
    f"{_REPO}/actions/organization-secrets": "get",
    f"{_REPO}/actions/permissions": "get",
    f"{_REPO}/actions/permissions/workflow": "get",
    f"{_REPO}/actions/runs/{{run_id}}": "get",
    f"{_REPO}/actions/secrets": "get",
    f"{_REPO}/actions/workflows": "get",
    f"{_REPO}/branches/{{branch}}": "get",
    f"{_REPO}/collaborators/{{username}}/permission": "get",
    f"{_REPO}/commits": "get",
    f"{_REPO}/commits/{{commit_sha}}/pulls": "get",
    f"{_REPO}/commits/{{ref}}/check-runs": "get",
    f"{_REPO}/commits/{{ref}}/check-suites": "get",
    f"{_REPO}/commits/{{ref}}/status": "get",
    f"{_REPO}/compare/{{basehead}}": "get",
    f"{_REPO}/contents/{{path}}": "get",
    f"{_REPO}/dispatches": "post",
    f"{_REPO}/git/ref/{{ref}}": "get",
    f"{_REPO}/git/trees/{{tree_sha}}": "get",
    f"{_REPO}/issues": "get post",
    f"{_REPO}/issues/{{issue_number}}": "get patch",
    f"{_REPO}/issues/{{issue_number}}/comments": "get post",
    f"{_REPO}/issues/{{issue_number}}/dependencies/blocked_by": "get post",
    f"{_REPO}/issues/{{issue_number}}/labels": "get post put",
    f"{_REPO}/issues/{{issue_number}}/labels/{{name}}": "delete",
    f"{_REPO}/issues/comments/{{comment_id}}": "get patch",
    f"{_REPO}/issues/comments/{{comment_id}}/reactions": "post",
    f"{_REPO}/pulls": "get post",
    f"{_REPO}/pulls/{{pull_number}}": "get",
    f"{_REPO}/pulls/{{pull_number}}/files": "get",
    f"{_REPO}/pulls/{{pull_number}}/reviews": "get",
    f"{_REPO}/pulls/{{pull_number}}/reviews/{{review_id}}": "get",
    f"{_REPO}/rules/branches/{{branch}}": "get",
    f"{_REPO}/statuses/{{sha}}": "post",
}
"""The paths that Kerrigan asks, with the verbs it uses."""

_PROSE = {"description", "summary", "example", "examples", "externalDocs", "operationId", "tags", "title"}
_KEPT = {"x-multi-segment"}
_REF = "#/components/"
_STRICT = {"required", "format"}

Json = Any


@dataclass(frozen=True)
class OpenApi:
    """An OpenAPI 3.0 document."""

    document: dict[str, Json]

    @classmethod
    def vendored(cls) -> "OpenApi":
        document = json.loads(gzip.decompress(DATA.read_bytes()))
        return cls(document | {"paths": document["paths"] | NEWER})

    def request(self, verb: str, target: str, body: Json = None) -> list[str]:
        """What GitHub's description has against a request; `target` is path and query, `body` None for none."""
        url = urlsplit(target)
        found = self._operation(verb, url.path)
        if found is None:
            return [f"{verb} {url.path} is no request that Kerrigan is known to make"]
        operation, values = found
        parameters = [self._resolved(each) for each in operation.get("parameters", [])]
        given = {("path", name): value for name, value in values.items()}
        given |= {("query", name): value for name, value in parse_qsl(url.query, keep_blank_values=True)}
        return [*self._parameters(parameters, given), *self._body(operation, body)]

    def answer(self, verb: str, target: str, status: int, body: Json) -> list[str]:
        """What it has against an answer that may leave fields out."""
        found = self._operation(verb, urlsplit(target).path)
        if found is None:
            return [f"{verb} {target} is no request that Kerrigan is known to make"]
        described = found[0]["responses"].get(str(status))
        if described is None:
            return [f"{status} is no answer to {verb} {target}"]
        schema = self._resolved(described).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return [] if body is None else [f"{status} has no body"]
        return self._errors(_partial(self._whole(schema)), body)

    def example(self, path: str) -> Json:
        """GitHub's own example of an answer to a read; `path` has its gaps in braces."""
        return self.document["examples"][path]

    @cached_property
    def _routes(self) -> list[tuple[re.Pattern[str], dict[str, Json]]]:
        # Of two paths that fit, the one with fewer gaps is meant.
        paths = sorted(self.document["paths"].items(), key=lambda item: item[0].count("{"))
        return [(self._pattern(path, verbs), verbs) for path, verbs in paths]

    def _pattern(self, path: str, verbs: dict[str, Json]) -> re.Pattern[str]:
        described = [self._resolved(p) for operation in verbs.values() for p in operation.get("parameters", [])]
        long = {p["name"] for p in described if p.get("x-multi-segment")}
        parts = re.split(r"\{(\w+)\}", path)
        names = (f"(?P<{p}>.+)" if p in long else f"(?P<{p}>[^/]+)" for p in parts[1::2])
        gaps = [*names, ""]
        return re.compile("".join(re.escape(text) + gap for text, gap in zip(parts[::2], gaps, strict=True)))

    def _operation(self, verb: str, path: str) -> tuple[dict[str, Json], dict[str, str]] | None:
        for pattern, verbs in self._routes:
            found = pattern.fullmatch(path)
            if found and verb.lower() in verbs:
                return verbs[verb.lower()], {name: unquote(value) for name, value in found.groupdict().items()}
        return None

    def _parameters(self, parameters: list[Json], given: dict[tuple[str, str], str]) -> Iterator[str]:
        known = {(p["in"], p["name"]): p for p in parameters}
        yield from (f"there is no {where} parameter {name}" for where, name in given.keys() - known.keys())
        for key, parameter in known.items():
            if key in given:
                yield from self._errors(self._whole(parameter["schema"]), _typed(parameter["schema"], given[key]))
            elif parameter.get("required"):
                yield f"the {key[0]} parameter {key[1]} is missing"

    def _body(self, operation: dict[str, Json], body: Json) -> list[str]:
        described = self._resolved(operation.get("requestBody", {}))
        if body is None:
            return ["the body is missing"] if described.get("required") else []
        if not described:
            return ["there is a body"]
        return self._errors(_closed(self._whole(described["content"]["application/json"]["schema"])), body)

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            kind, name = node["$ref"].removeprefix(_REF).split("/")
            node = self.document["components"][kind][name]
        return node

    def _whole(self, node: Json, above: tuple[str, ...] = ()) -> Json:
        """A schema with its references filled in and `nullable` as 2020-12 says it; recursion ends in anything."""
        if isinstance(node, list):
            return [self._whole(each, above) for each in node]
        if not isinstance(node, dict):
            return node
        if isinstance(ref := node.get("$ref"), str):
            return {} if ref in above else self._whole(self._resolved(node), (*above, ref))
        whole = {key: self._whole(value, above) for key, value in node.items() if key != "nullable"}
        return {"anyOf": [whole, {"type": "null"}]} if node.get("nullable") is True else whole

    @staticmethod
    def _errors(schema: Json, value: Json) -> list[str]:
        found = Draft202012Validator(schema).iter_errors(value)
        return [f"{error.json_path}: {error.message[:300]}" for error in found]


def _typed(schema: Json, text: str) -> Json:
    return int(text) if schema.get("type") == "integer" and text.isdigit() else text


def _closed(schema: Json) -> Json:
    """The same, but a field that the outermost object does not name is an error."""
    return schema | {"additionalProperties": False} if "properties" in schema else schema


def _partial(schema: Json) -> Json:
    """The same, but fields may be left out, and none may be invented."""
    if isinstance(schema, list):
        return [_partial(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    # With fields left out, an object may fit more than one of several shapes.
    names = {"oneOf": "anyOf"}
    partial = {names.get(key, key): _partial(value) for key, value in schema.items() if key not in _STRICT}
    if isinstance(schema.get("properties"), dict) and isinstance(schema.get("type"), str):
        partial.setdefault("additionalProperties", False)
    return partial


def subset(document: dict[str, Json]) -> dict[str, Json]:
    """The part of GitHub's description that is about `USED`, without its prose."""
    paths = {path: {verb: document["paths"][path][verb] for verb in verbs.split()} for path, verbs in USED.items()}
    kept: dict[str, Json] = {"paths": _bare(paths), "components": {}}
    waiting = list(_references(kept["paths"]))
    while waiting:
        kind, name = waiting.pop().removeprefix(_REF).split("/")
        there = kept["components"].setdefault(kind, {})
        if name not in there:
            there[name] = _bare(document["components"][kind][name])
            waiting += _references(there[name])
    return kept | {"examples": {path: _example(document, path) for path, verbs in USED.items() if "get" in verbs}}


def _example(document: dict[str, Json], path: str) -> Json:
    """The first answer that GitHub's description gives as an example of a read."""
    examples = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["examples"]
    value = _aimed(document, next(iter(examples.values())))["value"]
    # Here and there an example is wrapped twice.
    return _aimed(document, value)["value"] if "$ref" in value else value


def _aimed(document: dict[str, Json], example: Json) -> Json:
    return document["components"]["examples"][example["$ref"].rpartition("/")[2]] if "$ref" in example else example


def _bare(node: Json, named: bool = False) -> Json:
    """A node without prose. Below `properties`, keys are the names of fields and all stay."""
    if isinstance(node, list):
        return [_bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _bare(value, key in ("properties", "schemas", "parameters"))
        for key, value in node.items()
        if named or not (key in _PROSE or (key.startswith("x-") and key not in _KEPT))
    }


def _references(node: Json) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _references(each)
    elif isinstance(node, dict):
        if isinstance(ref := node.get("$ref"), str):
            yield ref
        for value in node.values():
            yield from _references(value)


if __name__ == "__main__":
    small = json.dumps(subset(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), separators=(",", ":"))
    DATA.write_bytes(gzip.compress(small.encode(), mtime=0))
