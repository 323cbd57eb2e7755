#!/usr/bin/env bash
# Codex CLI 0.171.0: with `--sandbox workspace-write` a command may change the files of the repository that it works in,
# but not its .git: `git commit` fails with "Read-only file system", and the run exits with status 0 all the same.
#
# Seen: the model's command writes a file and commits it; the file is there, the commit is not, exit status 0. Needs
# Linux, Node.js >= 22 with npm, git, and Python 3. Fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat >server.py <<'PYTHON'
import http.server, json
COMMAND = "echo hi > file.txt && git add file.txt && git -c user.name=a -c user.email=a@example.com commit -qm 'Add a file'"
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
        outputs = [i["output"] for i in request["input"] if str(i.get("type", "")).endswith("call_output")]
        if outputs:
            open("told", "w").write(json.dumps(outputs))
        item = {"type": "message", "id": "item_2", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": "It is committed.", "annotations": []}]}
        tool = next((t for t in request.get("tools") or [] if t.get("name") in ("exec_command", "shell_command", "shell")), None)
        if tool and not outputs:
            key = next(k for k in tool["parameters"]["properties"] if k in ("cmd", "command"))
            is_list = tool["parameters"]["properties"][key].get("type") == "array"
            words = {key: ["bash", "-c", COMMAND] if is_list else COMMAND}
            item = {"type": "function_call", "id": "item_1", "call_id": "call_1", "name": tool["name"], "status": "completed",
                    "arguments": json.dumps(words)}
        usage = {"input_tokens": 100, "output_tokens": 7, "total_tokens": 107}
        whole = {"id": "resp_1", "object": "response", "status": "completed", "model": "m", "output": [item], "usage": usage}
        events = [{"type": "response.created", "response": {**whole, "status": "in_progress", "output": [], "usage": None}},
                  {"type": "response.output_item.done", "output_index": 0, "item": item},
                  {"type": "response.completed", "response": whole}]
        body = "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
PYTHON
python3 server.py >port & server=$!
npm install --no-audit --no-fund --no-progress @openai/codex@0.171.0 >install.log 2>&1 || { cat install.log >&2; exit 2; }

export HOME=$folder/home MOCK_KEY=dummy-key-for-the-mock
mkdir -p "$HOME/.codex" repository
cat >"$HOME/.codex/config.toml" <<TOML
model = "mock-model"
model_provider = "mock"
[model_providers.mock]
name = "mock"
base_url = "http://127.0.0.1:$(cat port)/v1"
env_key = "MOCK_KEY"
wire_api = "responses"
TOML
git -C repository init -q
git -C repository -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m Start
codex=$folder/node_modules/.bin/codex
"$codex" --version
echo "Add a file and commit it." >prompt
status=0
(cd repository && "$codex" exec --json --sandbox workspace-write - <../prompt >../events.jsonl) || status=$?
commits=$(git -C repository rev-list --count HEAD)
said=$(grep -o 'Read-only file system' told | head -1 || true)
file=$([ -f repository/file.txt ] && echo there || echo missing)
echo "exit status $status, file $file, commits $commits, the command was told: ${said:-nothing}"
[ "$status" = 0 ] && [ "$file" = there ] && [ "$commits" = 1 ] && [ -n "$said" ]
echo "as found: the file is written, the commit is refused, and the run is a success"
