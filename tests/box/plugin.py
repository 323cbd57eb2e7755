"""The fixture `offline_github`."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.box.box import Box, OfflineGitHub
from tests.box.client import Files
from tests.box.identities import App
from tests.box.tools import MissingToolError, find


@pytest.fixture
def offline_github() -> Iterator[OfflineGitHub]:
    """Boots boxes for a test; skips it, with the reason, where Node.js, the emulator or act is missing."""
    try:
        tools = find()
    except MissingToolError as error:
        pytest.skip(str(error))

    with ExitStack() as boxes:

        def boot(
            repositories: Mapping[str, Files],
            users: Mapping[str, str] | None = None,
            apps: Mapping[str, App] | None = None,
            actions: Mapping[str, Path] | None = None,
        ) -> Box:
            return boxes.enter_context(Box(tools, repositories, users, apps, actions))

        yield boot
