"""Who has commits in a submission, and so does not review it."""

from collections.abc import Iterator
from typing import Any

from kerrigan.decide.identity import identify, via_of
from kerrigan.decide.situation import Situation
from kerrigan.model.event import KERRIGAN, Actor, EventType
from kerrigan.model.forge.account import Proof
from kerrigan.model.project import Permission, ReviewBy
from kerrigan.model.state import Author, TaskState


def authors_of(s: Situation) -> tuple[Author, ...]:
    """Whose the commits are that a submission brings beside those that were handed in before.

    What an agent hands over is the agent's. Who pushed is known where the forge reported the push; else the accounts
    count that the forge names as authors, and an author without a login where it names none.
    """
    asker = Author(s.request.actor.login, s.request.actor.kind, via_of(s.request).get("via", ""))
    account = s.request.account
    if s.request.actor == KERRIGAN:
        return _named(s, ("",))
    if asker.kind == "agent" or (account and account.proof is Proof.forge):
        return (asker,)
    held = s.standing.holder
    vouches = held is not None and s.request.actor.is_same(held.login, held.kind)
    return tuple(dict.fromkeys((asker, *(a for a in _named(s, ()) if a.login or not vouches))))


def _named(s: Situation, unread: tuple[str, ...]) -> tuple[Author, ...]:
    """The authors that the forge names; `unread` are the logins that stand for them where it was not asked."""
    if s.facts.authors is None:
        return tuple(Author(login, "") for login in unread)
    actors = ((identify(s.workspace, account), account) for account in s.facts.authors)
    found = (Author(a.login, a.kind, account.via if a.kind == "agent" else "") for a, account in actors if a.login)
    unknown = [Author("", "")] if any(not account.login for account in s.facts.authors) else []
    return tuple(dict.fromkeys((*found, *unknown)))


def written_authors(s: Situation) -> dict[str, Any]:
    """The authors as a `submitted` event carries them."""
    rows = ({"login": a.login, "kind": a.kind, **({"via": a.via} if a.via else {})} for a in authors_of(s))
    return {"authors": list(rows)}


def not_author(s: Situation) -> str | None:
    """Who reviews has no commit in the work since its last claim, and is whom `work.review_by` asks for."""
    actor, task = s.request.actor, s.task.id
    written = tuple(_authors(s.standing))
    if any(_is(actor, author) for author in written):
        return f"{actor.login} has worked on {task}, so someone else has to review it"
    via = via_of(s.request).get("via", "")
    if any(author.kind != "agent" and author.login.casefold() == via.casefold() for author in written if via):
        return f"{via}, by which {actor.login} acts, has worked on {task}, so someone else has to review it"
    is_unknown = any(not author.login for author in s.standing.authors)
    if is_unknown and not s.facts.permission.allows(Permission.admin):
        return (
            f"the forge does not say who pushed to {s.task.branch} after it was handed in, so an admin reviews {task}"
        )
    return _not_asked_for(s) if s.request.type is EventType.approved else None


def _authors(standing: TaskState) -> Iterator[Author]:
    yield from (author for author in standing.authors if author.login)
    if standing.holder:
        yield Author(standing.holder.login, standing.holder.kind)
    if standing.author and not standing.authors:
        yield Author(standing.author, "")  # format 1 did not say what it was


def _is(actor: Actor, author: Author) -> bool:
    return actor.is_same(author.login, author.kind) if author.kind else actor.is_login(author.login)


def _not_asked_for(s: Situation) -> str | None:
    actor, asked = s.request.actor, s.workspace.review_by
    if asked is ReviewBy.another:
        return None
    if actor.kind != "person":
        return f"{actor.login} is an {actor.kind}, and a person approves {s.task.id} (work.review_by: {asked})"
    if asked is ReviewBy.other_person and any(actor.is_login(author.via) for author in s.standing.authors):
        return f"an agent worked on {s.task.id} by the account of {actor.login} (work.review_by: {asked})"
    return None
