"""Comments and reviews as they stand now, and who changed their words last: an event says how they were once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kerrigan.errors import KerriganError
from kerrigan.github.address import repository
from kerrigan.github.client import Client
from kerrigan.github.response import Json
from kerrigan.model.forge.account import account_of
from kerrigan.model.forge.facts import Statement

EDITORS = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Comment { id lastEditedAt editor { __typename login } } } }"
"""The REST API tells that a comment was edited, and of a review not even that; GraphQL says by whom."""


def comment(client: Client, slug: str, number: int) -> Statement | None:
    """A comment of an issue or a pull request by its id; None where it was deleted."""
    found = client.find(f"{repository(slug)}/issues/comments/{number}", _comment)
    if found is None:
        return None
    statement, node, is_edited = found
    return replace(statement, editor=editors(client, [node])[node]) if is_edited else statement


def review(client: Client, slug: str, number: int, review_id: int) -> Statement | None:
    """A review of a pull request by its id; None where there is none."""
    found = client.find(f"{repository(slug)}/pulls/{number}/reviews/{review_id}", _review)
    if found is None:
        return None
    statement, node = found
    return replace(statement, editor=editors(client, [node])[node]) if statement.body else statement


def editors(client: Client, nodes: Iterable[str]) -> Mapping[str, str | None]:
    """Who changed each of these comments and reviews last, by node id; None for who wrote it and was left alone.

    Empty where that is not known: what cannot be looked up is not taken for its author's words.
    """
    wanted = dict.fromkeys(nodes, "")
    try:
        return {**wanted, **client.query(EDITORS, _editors, ids=list(wanted))} if wanted else {}
    except KerriganError as error:
        client.say(f"who edited a comment could not be looked up: {error.message}")
        return wanted


def _comment(raw: Json) -> tuple[Statement, str, bool]:
    return _statement(raw), str(raw["node_id"]), raw["updated_at"] != raw["created_at"]


def _review(raw: Json) -> tuple[Statement, str]:
    said = replace(_statement(raw), state=str(raw["state"]).lower(), head=str(raw["commit_id"] or ""))
    return said, str(raw["node_id"])


def _statement(raw: Json) -> Statement:
    user = raw["user"] or {"login": ""}
    return Statement(account_of(str(user["login"]), user.get("type")), str(raw["body"] or ""))


def _editors(data: Json) -> Mapping[str, str | None]:
    found = [node for node in data["nodes"] if node]
    return {str(node["id"]): _login(node["editor"]) if node["lastEditedAt"] else None for node in found}


def _login(editor: Json) -> str:
    """A login as the REST API writes it; empty for an account that was deleted."""
    suffix = "[bot]" if editor and editor["__typename"] == "Bot" else ""
    return f"{editor['login']}{suffix}" if editor else ""
