"""What a schedule calls: derive everything again, so that nothing depends on an event having arrived."""

from collections.abc import Mapping
from dataclasses import replace

from kerrigan.apply.append import Outcome, append, new_request
from kerrigan.apply.effects import settle
from kerrigan.apply.facts import dependency_facts, work_facts
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage
from kerrigan.decide.sweep import sweep
from kerrigan.model.decision import Decision
from kerrigan.model.event import KERRIGAN, EventType
from kerrigan.model.facts import Facts


def reconcile(site: Site, stage: Stage) -> Outcome:
    """Expire, complete, retry, escalate and dispatch what is due, then bring view and outbox up to date."""
    request = new_request(EventType.expired, None, KERRIGAN)

    def decide(current: Stage) -> Decision | None:
        facts = observe(site, current)
        located = replace(request, definition=current.snapshot.definition or "")
        return sweep(current.project, current.workspace, current.state, facts, located)

    outcome = append(site, stage, decide)
    after, sent = settle(site, outcome.after, [e.task for e in outcome.events if e.task])
    return replace(outcome, after=after, also=sent)


def observe(site: Site, stage: Stage) -> Mapping[str, Facts]:
    """The facts about every task that something may have happened to outside of the journal."""
    return {
        task.id: work_facts(site, stage, task, dependency_facts(site, stage, [task]))
        if stage.state.task(task.id).submission
        else dependency_facts(site, stage, [task])
        for task in stage.project.tasks.values()
    }
