/** The API reference as Markdown, from the declarations of the public entries and their docstrings. */
import { exportsOf } from "./declarations.mjs";

/** Sections by the module's place. */
const sections = [
  ["Clients and workers", /^(tandemq\/dist\/[^/]+|worker\/.*|tandemq\/dist\/modes\/.*|core\/dist\/client\/.*)$/],
  ["Tasks", /^core\/dist\/tasks\//],
  ["Configuration", /^(tandemq\/dist\/config|core\/dist\/(redact|limits|codec))\//],
  ["Jobs and queues", /^core\/dist\/(model|rules\/(duration|error-rule)|ports\/)/],
  ["Actions and consumers", /^core\/dist\/(actions|consume)\//],
  ["Why a job does not run", /^core\/dist\/why\//],
  ["Errors", /^core\/dist\/errors\//],
  ["For tests", /^core\/dist\/memory\//],
];

/** What authors of brokers and stores build on; told by name alone. */
const forAuthors = /^core\/dist\/(ports|model|memory)\//;

export function apiReference() {
  const all = exportsOf("tandemq/dist/index.d.ts");
  const lost = all.filter(({ file }) => !sections.some(([, where]) => where.test(file)));
  if (lost.length > 0) throw new Error(`no section of the reference has ${lost.map(({ name }) => name).join(", ")}`);
  const placed = sections.map(([title, where]) => [title, all.filter(({ file }) => where.test(file)).sort(byName)]);
  const services = ["Services: `tandemq/services`", exportsOf("tandemq/dist/services/index.d.ts").sort(byName)];
  const parts = [...placed, services].map(([title, list]) => `## ${title}\n\n${list.map(entry).join("\n\n")}`);
  return [...parts, `## For authors of stores: \`@tandemq/core\`\n\n${authorsPart(all)}`].join("\n\n");
}

function authorsPart(all) {
  const shown = new Set(all.map(({ name }) => name));
  const rest = exportsOf("core/dist/index.d.ts").filter(({ name, file }) => forAuthors.test(file) && !shown.has(name));
  return `The ports, and what goes through them. It also exports what the packages share; only what this page names is kept stable.

${rest.sort(byName).map(row).join("\n")}`;
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}

function entry({ name, doc, text }) {
  const words = doc === "" ? "" : `${prose(doc)}\n\n`;
  return `### ${name}\n\n${words}\`\`\`ts signature\n${text}\n\`\`\``;
}

function row({ name, doc }) {
  const [first = ""] = prose(doc).split(/(?<=[.?])\s|\n\n/);
  return `- \`${name}\`${first === "" ? "" : `: ${first.replace(/\s+/g, " ")}`}`;
}

/** Docstring tags as sentences. */
function prose(doc) {
  return doc
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .replace(/^@throws (\w+)/gm, "\nThrows `$1`")
    .replace(/^@param (\w+)/gm, "\n`$1`:")
    .replace(/^@returns?\b/gm, "\nReturns")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
