"""Write into the journal what was done before the import, or say what that would be."""

from dataclasses import replace

from kerrigan.apply.state.append import Answer, Outcome, append
from kerrigan.apply.state.effects import settle
from kerrigan.apply.state.identity import permission_of
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, require_known
from kerrigan.decide.imported import record_imported
from kerrigan.model.decision import Decision, Request
from kerrigan.model.forge.facts import Facts


def record(site: Site, stage: Stage, request: Request) -> Outcome:
    """Decide a request that tasks were done before the import, on the newest stage, and make the answer true."""
    return settle(site, append(site, stage, lambda current: _decided(site, current, request)))


def dry_run_import(site: Site, stage: Stage, request: Request) -> Outcome:
    """What would come of `record` now, without writing anything."""
    require_known(stage)
    answer = _decided(site, stage, request)
    return Outcome(stage, answer, replace(stage, state=answer.state) if isinstance(answer, Decision) else stage)


def _decided(site: Site, stage: Stage, request: Request) -> Answer:
    facts = Facts(permission=permission_of(site, stage, request))
    located = replace(request, definition=stage.snapshot.definition or "")
    return record_imported(stage.project, stage.workspace, stage.state, located, facts)
