"""Kilo Code CLI, `kilo run`: made from opencode, and read like it."""

import re

from kerrigan.agents.profile import Config, Flags, Profile, RetryWatch
from kerrigan.agents.profiles.opencode import ONLY_READ, RUN, read
from kerrigan.model.attempt import Purpose

PROFILE = Profile(
    name="kilo",
    program="kilo",
    package="@kilocode/cli@7.7.7",
    tried=("7.7.7", "7.7.9"),
    proven="2026-11-30",
    command=("run", "--format", "json", "--print-logs", "--log-level", "ERROR"),
    roles={Purpose.implement: ("--auto",), Purpose.review: ()},
    flags=Flags(model="--model"),
    environment={
        "KILO_DISABLE_PROJECT_CONFIG": "1",
        "KILO_DISABLE_AUTOUPDATE": "1",
        "KILO_DISABLE_SHARE": "1",
        "KILO_SESSION_RETRY_LIMIT": "3",
    },
    config=Config(
        "KILO_CONFIG_CONTENT",
        RUN,
        roles={Purpose.review: ONLY_READ},
        inline=True,
        disables=(".kilocode/mcp.json", ".kilo/mcp.json"),
    ),
    keys=("KILO_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY"),
    passes=("KILO_CONFIG_CONTENT", "KILO_ORG_ID"),
    logins=(".local/share/kilo/auth.json", ".config/kilo/kilo.json"),
    sessions=(".local/share/kilo",),
    instructions=("AGENTS.md, else CLAUDE.md", ".kilocode/rules"),
    stops=RetryWatch(
        "stderr",
        failure=re.compile(rb'level=ERROR .*message="stream error"|ERROR .*stream error'),
        success=re.compile(rb"(?!)"),
    ),
    read=read,
    notes=("the newest version on npm could not be installed when it was tried: pin one",),
)
