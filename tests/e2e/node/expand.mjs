// node expand.mjs CONTEXTS_JSON TEMPLATE
//
// Prints the template with every `${{ }}` evaluated by GitHub's own evaluator, in the contexts that are given.
import fs from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

// The evaluator imports JSON files without saying so, which Node refuses.
registerHooks({
  load(url, context, next) {
    if (!url.endsWith(".json")) return next(url, context);
    return { format: "module", source: "export default " + fs.readFileSync(fileURLToPath(url), "utf8"), shortCircuit: true };
  },
});
const { Lexer, Parser, Evaluator, data } = await import("@actions/expressions");

const [contexts, template] = [process.argv[2], process.argv[3]];
const values = JSON.parse(contexts, data.reviver);
const names = Object.keys(JSON.parse(contexts));

function evaluate(expression) {
  const tree = new Parser(new Lexer(expression).lex().tokens, names, []).parse();
  return new Evaluator(tree, values).evaluate().coerceString();
}

process.stdout.write(template.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression) => evaluate(expression.trim())));
