#!/usr/bin/env bash
# Codex CLI 0.171.0: the usage in `turn.completed` is the running total of its thread, not the turn's. After
# `codex exec resume` the event of the second turn reports both turns, under the name and in the shape of one.
#
# Seen: three turns, each answered with 100 input and 7 output tokens, report 100/7, 200/14 and 300/21. Needs Node.js
# >= 22 with npm, and Python 3. Fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat >server.py <<'PYTHON'
import http.server, json
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        item = {"type": "message", "id": "item_1", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": "Hello.", "annotations": []}]}
        usage = {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 30}, "output_tokens": 7,
                 "output_tokens_details": {"reasoning_tokens": 2}, "total_tokens": 107}
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
mkdir -p "$HOME/.codex"
cat >"$HOME/.codex/config.toml" <<TOML
model = "mock-model"
model_provider = "mock"
[model_providers.mock]
name = "mock"
base_url = "http://127.0.0.1:$(cat port)/v1"
env_key = "MOCK_KEY"
wire_api = "responses"
TOML
codex=./node_modules/.bin/codex
"$codex" --version
echo "Say hello." >prompt
flags=(--json --skip-git-repo-check --sandbox read-only)
"$codex" exec "${flags[@]}" - <prompt >turn-1
thread=$(python3 -c 'import json; print(json.loads(open("turn-1").readline())["thread_id"])')
for turn in 2 3; do
    "$codex" exec resume --json --skip-git-repo-check "$thread" - <prompt >"turn-$turn"
done

python3 - <<'PYTHON'
import json
found = []
for turn in (1, 2, 3):
    usage = [event["usage"] for event in map(json.loads, open(f"turn-{turn}")) if event["type"] == "turn.completed"]
    assert len(usage) == 1, usage
    found.append((usage[0]["input_tokens"], usage[0]["output_tokens"]))
print("input and output tokens of three turns of 100 and 7:", found)
assert found == [(100, 7), (200, 14), (300, 21)], found
print("as found: the usage of a turn is the total of its thread")
PYTHON
