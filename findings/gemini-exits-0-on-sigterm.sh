#!/usr/bin/env bash
# Gemini CLI 0.61.0: headless and ended by SIGTERM in the middle of a request, it exits with status 0 and prints
# nothing, so a run that was killed looks like one that went well with nothing to say. As it is started by default, it is
# worse: its launcher ignores SIGTERM to its own pid, and the run goes on.
#
# Seen: with GEMINI_CLI_NO_RELAUNCH=true exit status 0 and empty output; without it, still running five seconds later.
# Needs Node.js >= 20 with npm, and Python 3. Fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat >server.py <<'PYTHON'
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open("asked", "w").close()
        time.sleep(600)  # a model that thinks for long
    def log_message(self, *words):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
PYTHON
python3 server.py >port & server=$!
npm install --no-audit --no-fund --no-progress @google/gemini-cli@0.61.0 >install.log 2>&1 || { cat install.log >&2; exit 2; }

export HOME=$folder/home GEMINI_API_KEY=dummy-key-for-the-mock GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:$(cat port)
mkdir -p "$HOME/.gemini" work
echo '{"security": {"auth": {"selectedType": "gemini-api-key"}}}' >"$HOME/.gemini/settings.json"
./node_modules/.bin/gemini --version
cat >stop.py <<'PYTHON'
import os, pathlib, signal, subprocess, sys, time
words = [os.path.abspath("node_modules/.bin/gemini"), "-p", "Say hello.", "--skip-trust", "--output-format", "json", "-m", "gemini-mock"]
asked = pathlib.Path("asked")

def ended_by_sigterm(**variables):
    """Exit status and output after SIGTERM to the pid that was started; None while it runs on."""
    asked.unlink(missing_ok=True)
    with open("out", "wb") as out, open("err", "wb") as err:
        run = subprocess.Popen(words, cwd="work", stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                               env={**os.environ, **variables}, start_new_session=True)
        while not asked.exists():
            assert run.poll() is None, open("err").read()
            time.sleep(0.1)
        time.sleep(1)
        run.terminate()
        try:
            return run.wait(5), open("out").read()
        except subprocess.TimeoutExpired:
            return None, open("out").read()
        finally:
            try:
                os.killpg(run.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            run.wait()

alone, launched = ended_by_sigterm(GEMINI_CLI_NO_RELAUNCH="true"), ended_by_sigterm()
print("exit status and output after SIGTERM, without its launcher:", alone, "with it:", launched)
assert alone == (0, ""), alone
assert launched == (None, ""), launched
print("as found: status 0 and no output; the launcher ignores the signal")
PYTHON
python3 stop.py
