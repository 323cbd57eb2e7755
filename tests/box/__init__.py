"""An offline GitHub in a box, so that tests meet real workflows, real git over HTTP and a real API without a network.

    emulate (npm)   keeps issues, labels, pull requests, reviews, checks and Apps; a model by a third party
    the box         one address in front of it: git over HTTP, branches, merges, statuses, dispatches, events -> runs
    act             carries out each run on this host, from the workflow files and action.yml as they are

The bare repositories and the emulator hold the same objects under the same ids: every write to one is copied to the
other before the writer gets its answer (`replay`). Each run has a token of its own, narrowed to its repository and to
the `permissions:` of its workflow, which dies with it.

Real: workflow YAML, shell and Python steps, git's transfer and its lease checks, HTTP, tokens and their scopes. A model
of ours, written from GitHub's documentation: which event starts what, concurrency groups, statuses, dispatches, merges.
Not to be had here: protection of branches, forks, rate limits, approvals of runs, concurrency groups of single jobs,
delays, and the order of events.

A test module says `pytest_plugins = ["tests.box.plugin"]` and asks for `offline_github`.
"""

from tests.box.box import Box, OfflineGitHub
from tests.box.faults import Fault
from tests.box.identities import App

__all__ = ["App", "Box", "Fault", "OfflineGitHub"]
