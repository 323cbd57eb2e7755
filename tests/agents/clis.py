"""The agent CLIs of this machine, each set up to talk to the mock model: where it is, its HOME and its variables.

A CLI is looked for below the folder KERRIGAN_TEST_CLIS, where `.ci/agents` installs them, then on PATH. The tests of
one that is not there are skipped with that reason.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KEY = "dummy-key-of-the-mock-model"


def search_path() -> str:
    """PATH with the folders of KERRIGAN_TEST_CLIS and of KERRIGAN_NODE before it."""
    agents, node = os.environ.get("KERRIGAN_TEST_CLIS"), os.environ.get("KERRIGAN_NODE")
    installed = sorted(Path(agents).glob("**/node_modules/.bin")) if agents else []
    outer = [path for path in installed if "node_modules" not in path.parent.parent.parts]
    return os.pathsep.join(
        [*map(str, outer), *([str(Path(node).parent)] if node else []), os.environ.get("PATH", os.defpath)]
    )


def installed(program: str) -> bool:
    """Whether a program is on this machine."""
    return shutil.which(program, path=search_path()) is not None


@dataclass(frozen=True)
class Setup:
    """How a CLI reaches the mock: files of its HOME and variables, by the address of the mock; `model` is an option."""

    files: Callable[[str], dict[str, str]] = lambda url: {}
    variables: Callable[[str], dict[str, str]] = lambda url: {}
    model: str = ""


def _codex(url: str) -> dict[str, str]:
    lines = (
        'model = "mock-model"', 'model_provider = "mock"', "[model_providers.mock]", 'name = "mock"',
        f'base_url = "{url}/v1"', 'env_key = "MOCK_KEY"', 'wire_api = "responses"',
    )  # fmt: skip
    return {".codex/config.toml": "\n".join(lines) + "\n"}


def _provider(url: str) -> str:
    price = {"input": 3, "output": 12, "cache_read": 1}
    model = {"name": "mock", "cost": price, "limit": {"context": 200_000, "output": 8000}}
    options = {"baseURL": f"{url}/v1", "apiKey": KEY}
    provider = {"npm": "@ai-sdk/openai-compatible", "name": "mock", "options": options, "models": {"mock-model": model}}
    return json.dumps({"provider": {"mock": provider}})


SETUPS = {
    "claude": Setup(
        variables=lambda url: {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": KEY}, model="claude-sonnet-4-5"
    ),
    "codex": Setup(files=_codex, variables=lambda url: {"MOCK_KEY": KEY}),
    "copilot": Setup(
        variables=lambda url: {
            "COPILOT_PROVIDER_BASE_URL": f"{url}/v1",
            "COPILOT_PROVIDER_API_KEY": KEY,
            "COPILOT_MODEL": "mock-model",
            "COPILOT_OFFLINE": "true",
        }
    ),
    "gemini": Setup(
        files=lambda url: {".gemini/settings.json": '{"security": {"auth": {"selectedType": "gemini-api-key"}}}'},
        variables=lambda url: {"GOOGLE_GEMINI_BASE_URL": url, "GEMINI_API_KEY": KEY},
        model="gemini-mock",
    ),
    "qwen": Setup(
        files=lambda url: {".qwen/settings.json": '{"security": {"auth": {"selectedType": "openai"}}}'},
        variables=lambda url: {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": KEY, "OPENAI_MODEL": "mock-model"},
    ),
    "opencode": Setup(files=lambda url: {".config/opencode/opencode.json": _provider(url)}, model="mock/mock-model"),
    "kilo": Setup(files=lambda url: {".config/kilo/kilo.json": _provider(url)}, model="mock/mock-model"),
}
