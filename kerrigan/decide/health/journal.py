"""The finding about who can write a journal: anyone who may push its branch can write anything in any name."""

from kerrigan.model.forge.health import Finding, Level, ProjectHealth

RECIPE = "docs/journal.md#who-may-write-it has a ruleset to import"
ONLY_BYPASS = frozenset({"creation", "update", "deletion"})
"""Rules with which only those on the bypass list move a branch."""
KEPT = frozenset({"non_fast_forward", "deletion"})
"""Rules with which no one takes away what is there."""


def journal_finding(home: str, project: ProjectHealth) -> Finding:
    """Who can write the journal of a project, as far as the rules of its branch say."""
    branch, rules = f"kerrigan-state/{project.name}", project.rules
    if rules is None:
        message = f"who may push {branch} is not known: the token may not see the rules of {home}"
        return Finding(Level.unknown, home, "journal-rules", message, RECIPE)
    if rules >= ONLY_BYPASS:
        message = f"only who is on the bypass list of its ruleset writes {branch}"
        return Finding(Level.ok, home, "journal-rules", message)
    if rules >= KEPT:
        message = f"everyone who may push to {home} can add to {branch}, in any name; nothing in it can be taken away"
        return Finding(Level.warning, home, "journal-rules", message, RECIPE)
    message = (
        f"everyone who may push to {home} can write, move back and delete {branch}: an approval is what stands there"
    )
    return Finding(Level.warning, home, "journal-rules", message, RECIPE)
