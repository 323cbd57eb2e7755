#!/usr/bin/env bash
# opencode 1.18.33: `opencode run --format json` reports tokens and cost for each step, and their sum is less than what
# was paid: the first prompt of a session makes one more request, for its title, and that one is in no step.
#
# Seen: one prompt, one step of 107 tokens is reported, the provider answered two requests. With
# `{"agent": {"title": {"disable": true}}}` in the configuration it is one. Needs Node.js >= 20 with npm, and Python 3.
# Fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat >server.py <<'PYTHON'
import http.server, json
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        with open("requests", "a") as log:
            log.write(self.path + "\n")
        chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        usage = {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107}
        events = [{**chunk, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hello."}, "finish_reason": None}]},
                  {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
                  {**chunk, "choices": [], "usage": usage}]
        body = ("".join(f"data: {json.dumps(e)}\n\n" for e in events) + "data: [DONE]\n\n").encode()
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
npm install --no-audit --no-fund --no-progress opencode-ai@1.18.33 >install.log 2>&1 || { cat install.log >&2; exit 2; }

export HOME=$folder/home
mkdir -p "$HOME/.config/opencode" work
cat >"$HOME/.config/opencode/opencode.json" <<JSON
{"model": "mock/m", "provider": {"mock": {"npm": "@ai-sdk/openai-compatible", "name": "mock",
 "options": {"baseURL": "http://127.0.0.1:$(cat port)/v1", "apiKey": "dummy-key-for-the-mock"}, "models": {"m": {"name": "m"}}}}}
JSON
opencode=$folder/node_modules/.bin/opencode
"$opencode" --version
echo "Say hello." >prompt
(cd work && "$opencode" run --format json <../prompt >../usual.jsonl)
mv requests usual.requests
(cd work && OPENCODE_CONFIG_CONTENT='{"agent": {"title": {"disable": true}}}' "$opencode" run --format json <../prompt >../without.jsonl)
mv requests without.requests

python3 - <<'PYTHON'
import json
def figures(name):
    steps = [event["part"]["tokens"]["total"] for event in map(json.loads, open(f"{name}.jsonl")) if event["type"] == "step_finish"]
    return len(open(f"{name}.requests").readlines()), steps
usual, without = figures("usual"), figures("without")
print("requests at the provider, tokens of each step: usual", usual, "without a title", without)
assert usual == (2, [107]), usual
assert without == (1, [107]), without
print("as found: the request for the title is in no step")
PYTHON
