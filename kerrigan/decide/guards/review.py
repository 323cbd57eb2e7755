"""Guards on the claim of a review: one at a time, with a fence of its own. `guards` lists them with the others."""

from kerrigan.decide.situation import Situation


def unreviewed(s: Situation) -> str | None:
    """No one else reviews the task."""
    held = s.standing.review
    return f"{held.login} reviews {s.task.id} until {held.lease_until}" if held else None


def reviewing(s: Situation) -> str | None:
    """Who asks reviews the task, by the fence of that review; or the review's run has ended, or its lease ran out."""
    held = s.standing.review
    if held is None:
        return f"no one reviews {s.task.id}"
    if s.facts.run_ended or held.lease_until <= s.request.at:
        return None
    if not s.request.actor.is_same(held.login, held.kind):
        return f"{held.login} reviews {s.task.id}, not {s.request.actor.login}"
    if s.request.fence != s.standing.review_fence:
        return f"fence {s.request.fence} is not valid: the current review of {s.task.id} has {s.standing.review_fence}"
    return None
