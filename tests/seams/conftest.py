"""A scripted GitHub, and what asks it."""

from collections.abc import Iterator

import pytest

from kerrigan.github.client import Client
from kerrigan.github.forge import GitHubForge
from tests.seams.github_script import REPO, GitHub, forge_on, scripted


@pytest.fixture
def github() -> Iterator[GitHub]:
    """GitHub with one repository whose default branch is main."""
    with scripted() as github:
        github.get(REPO, {"default_branch": "main"})
        yield github


@pytest.fixture
def forge(github: GitHub) -> Iterator[GitHubForge]:
    """The forge that asks it."""
    with forge_on(github) as forge:
        yield forge


@pytest.fixture
def client(github: GitHub) -> Iterator[Client]:
    """The client that asks it."""
    client = github.client()
    yield client
    client.close()
