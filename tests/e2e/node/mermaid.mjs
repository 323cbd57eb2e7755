// node mermaid.mjs [CONFIG_JSON] < DIAGRAMS_JSON
//
// Reads a list of diagrams with Mermaid's own parser. Prints a list that says of each what it was read as: its type and,
// of a flowchart, the words of each node and box and the number of arrows. Of one that is refused it says why.
import fs from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid cleans every label with a browser's means.
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, ...JSON.parse(process.argv[2] ?? "{}") });

// Inside of Mermaid `#34;` stands as `ﬂ°°34¶ß` until it is shown as HTML.
function shown(label) {
  const element = document.createElement("p");
  element.innerHTML = label.replaceAll("ﬂ°°", "&#").replaceAll("ﬂ°", "&").replaceAll("¶ß", ";");
  return element.textContent;
}

async function read(text) {
  const { diagramType } = await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  if (!db.getVertices) return { type: diagramType };
  const boxes = db.getSubGraphs().map((box) => [box.id, shown(box.title)]);
  const nodes = [...db.getVertices().values()].map((node) => [node.id, shown(node.text)]);
  return { type: diagramType, boxes: Object.fromEntries(boxes), nodes: Object.fromEntries(nodes), arrows: db.getEdges().length };
}

const answers = [];
for (const text of JSON.parse(fs.readFileSync(0, "utf8"))) {
  answers.push(await read(text).catch((error) => ({ error: String(error.message ?? error) })));
}
process.stdout.write(JSON.stringify(answers));
