"""How a claim is, told from its heartbeats when someone looks: no timer classes it, so none outlives the agent."""

from enum import StrEnum

from kerrigan.decide.lifecycle import AT_WORK
from kerrigan.model.project import Workspace
from kerrigan.model.state import TaskState
from kerrigan.model.timestamp import seconds_between


class ClaimHealth(StrEnum):
    """A heartbeat is late after `claims.heartbeat`, missing after twice that; stuck work beats and does not change."""

    healthy = "healthy"
    degraded = "degraded"
    unresponsive = "unresponsive"
    stuck = "stuck"


def claim_health(standing: TaskState, workspace: Workspace, at: str) -> ClaimHealth | None:
    """How the claim is at a stamp; None for work without any heartbeat: its run or its lease speaks for it."""
    beat = standing.heartbeat
    if beat is None or standing.status not in AT_WORK:
        return None
    silent = seconds_between(beat.at, at)
    if silent >= 2 * workspace.heartbeat:
        return ClaimHealth.unresponsive
    if beat.tree and seconds_between(beat.since, at) >= workspace.stuck_after:
        return ClaimHealth.stuck
    return ClaimHealth.healthy if silent < workspace.heartbeat else ClaimHealth.degraded


def is_early(standing: TaskState, workspace: Workspace, at: str) -> bool:
    """Whether a heartbeat would come before half the time to it is over: nothing is written down then."""
    beat = standing.heartbeat
    return beat is not None and 0 <= seconds_between(beat.at, at) < workspace.heartbeat / 2
