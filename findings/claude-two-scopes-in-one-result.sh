#!/usr/bin/env bash
# Claude Code 2.1.332: one result object holds two scopes. After `--resume`, `usage` is this run, while `total_cost_usd`
# and `modelUsage` are the whole session with all earlier runs. A sum of the cost of two runs counts the first twice.
#
# Seen: run 1 says 100 input tokens and $0.000489; run 2, resumed and just as large, says 100 input tokens in `usage`,
# 200 in `modelUsage`, and $0.000978. Needs Node.js >= 22 with npm, and Python 3. Fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat >server.py <<'PYTHON'
import http.server, json
USAGE = {"input_tokens": 100, "output_tokens": 7, "cache_read_input_tokens": 30, "cache_creation_input_tokens": 20}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "content": [],
                   "stop_reason": None, "stop_sequence": None, "usage": {**USAGE, "output_tokens": 1}}
        events = [
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello."}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": USAGE},
            {"type": "message_stop"},
        ]
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
npm install --no-audit --no-fund --no-progress @anthropic-ai/claude-code@2.1.332 >install.log 2>&1 || { cat install.log >&2; exit 2; }

export HOME=$folder/home ANTHROPIC_API_KEY=dummy-key-for-the-mock ANTHROPIC_BASE_URL=http://127.0.0.1:$(cat port)
mkdir -p "$HOME"
claude=./node_modules/.bin/claude
"$claude" --version
echo "Say hello." >prompt
session=$(python3 -c 'import uuid; print(uuid.uuid4())')
"$claude" -p --model claude-sonnet-4-5 --output-format json --session-id "$session" <prompt >first.json
"$claude" -p --model claude-sonnet-4-5 --output-format json --resume "$session" <prompt >second.json

python3 - <<'PYTHON'
import json
def figures(name):
    result = json.load(open(name))
    session = sum(model["inputTokens"] for model in result["modelUsage"].values())
    return result["usage"]["input_tokens"], session, round(result["total_cost_usd"], 6)
first, second = figures("first.json"), figures("second.json")
print("usage.input_tokens, sum of modelUsage.inputTokens, total_cost_usd:", first, "then", second)
assert first == (100, 100, 0.000489), first
assert second == (100, 200, 0.000978), second
print("as found: usage is the run, modelUsage and total_cost_usd are the session")
PYTHON
