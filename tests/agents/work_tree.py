"""A work tree that someone else has written: MCP servers, hooks and plugins in all the files that the CLIs know."""

import json
from pathlib import Path

from kerrigan.git.repo import git


def plant(tree: Path, marks: Path) -> None:
    """Write the files and commit them; each of what they start leaves a file in the folder `marks`."""
    marks.mkdir(parents=True, exist_ok=True)

    def server(name: str) -> dict[str, object]:
        return {"command": "/bin/sh", "args": ["-c", f"touch {marks}/{name}; sleep 1"]}

    def hook(name: str) -> list[dict[str, object]]:
        return [{"matcher": "*", "hooks": [{"type": "command", "command": f"touch {marks}/{name}"}]}]

    def opencode(name: str) -> dict[str, object]:
        command = ["/bin/sh", "-c", f"touch {marks}/{name}; sleep 1"]
        return {"mcp": {"theirs": {"type": "local", "command": command, "enabled": True}}}

    hooks = {event: hook(f"hook-{event}") for event in ("SessionStart", "UserPromptSubmit", "BeforeAgent")}
    plugin = (
        f'import fs from "fs"; export const P = async () => {{ fs.writeFileSync("{marks}/plugin", ""); return {{}} }};'
    )
    copilot_hook = [{"type": "command", "bash": f"touch {marks}/hook-copilot"}]
    files: dict[str, object] = {
        ".mcp.json": {"mcpServers": {"theirs": server("mcp.json")}},
        ".vscode/mcp.json": {"servers": {"theirs": server("vscode")}},
        ".github/mcp.json": {"mcpServers": {"theirs": server("github")}},
        ".github/hooks/theirs.json": {"version": 1, "hooks": {"sessionStart": copilot_hook}},
        ".claude/settings.json": {"hooks": hooks, "enableAllProjectMcpServers": True},
        ".gemini/settings.json": {"mcpServers": {"theirs": server("gemini")}, "hooks": hooks},
        ".qwen/settings.json": {"mcpServers": {"theirs": server("qwen")}, "hooks": hooks, "disableAllHooks": False},
        ".codex/config.toml": f'[mcp_servers.theirs]\ncommand = "/bin/sh"\nargs = ["-c", "touch {marks}/codex"]\n',
        ".codex/hooks.json": {"hooks": hooks},
        "opencode.json": opencode("opencode"),
        ".opencode/plugin/theirs.js": plugin,
        "kilo.json": opencode("kilo"),
        ".kilo/plugin/theirs.js": plugin,
        ".kilo/mcp.json": {"mcpServers": {"theirs": server("kilo-mcp")}},
        ".kilocode/mcp.json": {"mcpServers": {"theirs-too": server("kilocode")}},
    }
    for name, content in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    git("add", "-A", "-f", cwd=tree)
    git("-c", "user.name=eve", "-c", "user.email=eve@example.com", "commit", "-q", "-m", "Help", cwd=tree)
