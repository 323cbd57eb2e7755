"""What GitHub has and `@octokit/openapi` 23.0.2 has not: written down from docs.github.com/rest/actions/policies."""

from typing import Any

Schema = dict[str, Any]


def _text(*allowed: str) -> Schema:
    return {"type": "string", **({"enum": list(allowed)} if allowed else {})}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_WHOLE: Schema = {"type": "integer"}
_PATHS = _object(include=_list(_text()), exclude=_list(_text()))
_ACTORS = ("User", "Bot", "Team", "BusinessTeam", "EnterpriseTeam", "IntegrationInstallation", "App", "RepositoryRole")
_POLICY = _object(
    id=_WHOLE,
    name=_text(),
    target=_text("actions"),
    source_type=_text("Repository", "Organization", "Enterprise"),
    source=_text(),
    enforcement=_text("disabled", "active", "evaluate"),
    conditions={"type": "object", "properties": {"workflow_path": _PATHS, "repository_name": {"type": "object"}}},
    rules=_list(
        _object(
            type=_text(),
            parameters=_object(
                allowed_events=_list(_text()), allowed_actors=_list(_object(id=_WHOLE, type=_text(*_ACTORS)))
            ),
        )
    ),
)


def _read(schema: Schema, *gaps: str, query: tuple[str, ...] = ()) -> Schema:
    parameters = [{"name": name, "in": "path", "required": True, "schema": _text()} for name in gaps]
    parameters += [{"name": name, "in": "query", "schema": _WHOLE} for name in query]
    return {
        "get": {"parameters": parameters, "responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
    }


_BASE = "/repos/{owner}/{repo}/actions/policies"
NEWER: dict[str, Schema] = {
    _BASE: _read(_object(total_count=_WHOLE, policies=_list(_POLICY)), "owner", "repo", query=("per_page", "page")),
    f"{_BASE}/{{policy_id}}": _read(_POLICY, "owner", "repo", "policy_id"),
}
"""Paths with their operations, as OpenAPI has them."""
