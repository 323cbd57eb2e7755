#!/usr/bin/env bash
# GitHub Copilot CLI 1.0.102 over the Agent Client Protocol (`copilot --acp`): a turn that failed, here because the
# provider refused the key (401), ends with the stop reason `end_turn`, as a good one does. The error is only in the text
# that the model would have written. The same run without the protocol (`copilot -p`) exits with status 1.
#
# Seen: stopReason "end_turn" and the words "HTTP 401" in an agent_message_chunk; headless exit status 1. Needs Node.js
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
        body = json.dumps({"error": {"type": "authentication_error", "message": "invalid api key", "code": 401}}).encode()
        self.send_response(401)
        self.send_header("content-type", "application/json")
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
npm install --no-audit --no-fund --no-progress @github/copilot@1.0.102 >install.log 2>&1 || { cat install.log >&2; exit 2; }

export HOME=$folder/home COPILOT_OFFLINE=true COPILOT_MODEL=mock-model
export COPILOT_PROVIDER_BASE_URL=http://127.0.0.1:$(cat port)/v1 COPILOT_PROVIDER_API_KEY=dummy-key-for-the-mock
mkdir -p "$HOME" work
copilot=$folder/node_modules/.bin/copilot
"$copilot" --no-auto-update --version
echo "Say hello." >prompt
status=0
(cd work && "$copilot" --no-auto-update --no-ask-user --output-format json <../prompt >../headless.jsonl) || status=$?

cat >client.py <<'PYTHON'
import json, os, subprocess, sys
program = subprocess.Popen([sys.argv[1], "--no-auto-update", "--acp"], cwd="work", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True)
words = []
def call(number, method, **params):
    program.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n")
    program.stdin.flush()
    for line in program.stdout:
        message = json.loads(line)
        update = message.get("params", {}).get("update", {})
        if update.get("sessionUpdate") == "agent_message_chunk":
            words.append(update["content"]["text"])
        if message.get("id") == number and "method" not in message:
            return message
call(1, "initialize", protocolVersion=1, clientCapabilities={})
session = call(2, "session/new", cwd=os.path.abspath("work"), mcpServers=[])["result"]["sessionId"]
response = call(3, "session/prompt", sessionId=session, prompt=[{"type": "text", "text": "Say hello."}])
program.stdin.close()
program.wait(20)
status, text = int(sys.argv[2]), "".join(words)
print("headless exit status:", status, "| over ACP:", response.get("result"), "| text:", text[-160:])
assert status == 1, status
assert response["result"]["stopReason"] == "end_turn", response
assert "401" in text, text
print("as found: the refused turn ends like a good one")
PYTHON
python3 client.py "$copilot" "$status"
