"""Write down what work cost."""

from dataclasses import replace

from kerrigan.apply.state.append import Outcome, append
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.apply.tasks.facts import money_facts
from kerrigan.decide.money.spend import spend
from kerrigan.model.decision import Decision, Refusal, Request


def report(site: Site, stage: Stage, request: Request) -> Outcome:
    """Decide a report of use and append it with the alerts that it causes. No pull request shows money: no effects."""

    def decide(current: Stage) -> Decision | Refusal:
        current.task(request.task or "")
        located = replace(request, definition=current.snapshot.definition or "")
        facts = money_facts(site, current, request)
        return spend(current.project, current.workspace, current.state, located, facts)

    return append(site, stage, decide)
