// node run_composite.mjs ACTION_DIR INPUTS_JSON GITHUB_JSON
//
// Runs the steps of a composite action the way GitHub's runner does, without GitHub: expressions are evaluated by
// GitHub's own evaluator, each step is a bash of its own, and the files GITHUB_OUTPUT and GITHUB_ENV are read back by the
// runner's rules. Its last line is `##result {"outputs": …, "conclusion": …, "summary": …}`.
// Not modelled: `uses:` steps (an error), masks, problem matchers, the 10-annotation limit.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { registerHooks } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

// The evaluator imports JSON files without saying so, which Node refuses.
registerHooks({
  load(url, context, next) {
    if (!url.endsWith(".json")) return next(url, context);
    return { format: "module", source: "export default " + fs.readFileSync(fileURLToPath(url), "utf8"), shortCircuit: true };
  },
});
const { Lexer, Parser, Evaluator, data } = await import("@actions/expressions");
const { parse: parseYaml } = await import("yaml");

const [actionDir, inputs, github] = [path.resolve(process.argv[2]), JSON.parse(process.argv[3]), JSON.parse(process.argv[4])];
const temp = fs.mkdtempSync(path.join(os.tmpdir(), "runner-"));
const action = parseYaml(fs.readFileSync(path.join(actionDir, "action.yml"), "utf8"));

// What a composite action may look at: no `secrets`, no `vars`, and no INPUT_* variables.
const contexts = {
  github: { ...github, action_path: actionDir },
  inputs: {}, steps: {}, env: {}, job: {}, strategy: {}, matrix: {},
  runner: { os: "Linux", temp },
};
let failed = false;
const statusFunctions = Object.entries({ success: () => !failed, failure: () => failed, always: () => true, cancelled: () => false })
  .map(([name, holds]) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(holds()) }));

function evaluate(expression) {
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), statusFunctions).parse();
  const values = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(tree, values, new Map(statusFunctions.map((f) => [f.name, f]))).evaluate().coerceString();
}

function substituted(template) {
  return String(template ?? "").replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression) => evaluate(expression.trim()));
}

function isDue(step) {
  const condition = String(step.if ?? "success()").replace(/^\$\{\{([\s\S]*)\}\}$/, "$1").trim();
  const asksForStatus = /\b(success|failure|always|cancelled)\s*\(/.test(condition);
  return evaluate(asksForStatus ? condition : `success() && (${condition})`) === "true";
}

// NAME=VALUE, or NAME<<DELIMITER, lines, DELIMITER; anything else fails the step.
function readCommandFile(file) {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  const values = {};
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i]) continue;
    const equals = lines[i].indexOf("=");
    const heredoc = lines[i].indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      values[lines[i].slice(0, equals)] = lines[i].slice(equals + 1);
      continue;
    }
    const [name, delimiter] = [lines[i].slice(0, heredoc), lines[i].slice(heredoc + 2)];
    if (heredoc < 1 || !delimiter) throw Error(`Invalid format '${lines[i]}'`);
    const end = lines.indexOf(delimiter, i + 1);
    if (end < 0) throw Error(`Matching delimiter not found '${delimiter}'`);
    values[name] = lines.slice(i + 1, end).join("\n");
    i = end;
  }
  return values;
}

const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("INPUT_")));
let summary = "";

function runStep(step, id) {
  if (step.uses || !step.shell) throw Error(`step ${id}: only 'run' steps with a 'shell' can run here`);
  const files = {};
  for (const name of ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "GITHUB_STATE"]) {
    files[name] = path.join(temp, `${id}_${name}`);
    fs.writeFileSync(files[name], "");
  }
  const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, substituted(value)]));
  const script = path.join(temp, `${id}.sh`);
  fs.writeFileSync(script, substituted(step.run));
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    env: { ...inherited, ...own, ...files, GITHUB_ACTIONS: "true", GITHUB_ACTION_PATH: actionDir, RUNNER_TEMP: temp },
    cwd: substituted(step["working-directory"] || "."),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  Object.assign(inherited, readCommandFile(files.GITHUB_ENV));
  summary += fs.readFileSync(files.GITHUB_STEP_SUMMARY, "utf8");
  failed ||= status !== 0 && !step["continue-on-error"];
  contexts.steps[id] = { outputs: readCommandFile(files.GITHUB_OUTPUT), outcome: status === 0 ? "success" : "failure" };
}

for (const [name, input] of Object.entries(action.inputs)) {
  contexts.inputs[name] = inputs[name] === undefined ? substituted(input.default) : String(inputs[name]);
}
for (const [number, step] of action.runs.steps.entries()) {
  if (isDue(step)) runStep(step, step.id ?? `__${number}`);
}
const outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, substituted(value)]));
fs.rmSync(temp, { recursive: true });
console.log("\n##result " + JSON.stringify({ outputs, conclusion: failed ? "failure" : "success", summary }));
process.exit(failed ? 1 : 0);
