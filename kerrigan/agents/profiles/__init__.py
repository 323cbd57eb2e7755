"""The agents that Kerrigan knows, by name. A new one is a file beside this one, and its line here."""

from kerrigan.agents.profile import Profile
from kerrigan.agents.profiles import auggie, claude, codex, copilot, cursor, gemini, kilo, opencode, qwen

PROFILES: dict[str, Profile] = {
    "claude": claude.PROFILE,
    "codex": codex.PROFILE,
    "copilot": copilot.PROFILE,
    "gemini": gemini.PROFILE,
    "qwen": qwen.PROFILE,
    "opencode": opencode.PROFILE,
    "kilo": kilo.PROFILE,
    "auggie": auggie.PROFILE,
    "cursor": cursor.PROFILE,
}
