// node lint.mjs FILE…   Reads workflows and action.yml files with GitHub's own parser; prints FILE: MESSAGE for each error.
import fs from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

// The parser imports JSON files without saying so, which Node refuses.
registerHooks({
  load(url, context, next) {
    if (!url.endsWith(".json")) return next(url, context);
    return { format: "module", source: "export default " + fs.readFileSync(fileURLToPath(url), "utf8"), shortCircuit: true };
  },
});
const { parseWorkflow, NoOperationTraceWriter } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");

let found = 0;
for (const name of process.argv.slice(2)) {
  const parse = name.endsWith("action.yml") ? parseAction : parseWorkflow;
  const { context } = parse({ name, content: fs.readFileSync(name, "utf8") }, new NoOperationTraceWriter());
  for (const error of context.errors.getErrors()) {
    console.log(`${name}: ${error.message}`);
    found++;
  }
}
process.exit(found ? 1 : 0);
