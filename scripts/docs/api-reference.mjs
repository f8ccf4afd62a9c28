/** The API reference as Markdown, from the declarations of the public entries and their docstrings. */
import { exportsOf } from "./declarations.mjs";

/** What programs begin with. Whatever its declarations name is told in full, too; all other exports by name alone. */
const roots = [
  ...[
    "createClient",
    "createWorker",
    "createDeployment",
    "runTask",
    "loadConfig",
    "currentJob",
    "rateLimit",
    "toJobError",
  ],
  ...["defineTask", "defineBatchTask", "TaskTypes", "Middleware", "UserConfig", "Why", "newJobId", "isJobId"],
  ...["statuses", "liveStatuses", "finalStatuses", "deadStatuses", "StreamResult", "JobLogLine", "WorkerRecord"],
];

/** Sections by the module's place. What lies elsewhere is told by name alone. */
const sections = [
  ["Clients and workers", /^(tandemq\/dist\/[^/]+|worker\/.*|tandemq\/dist\/modes\/.*|core\/dist\/client\/.*)$/],
  ["Tasks", /^core\/dist\/tasks\//],
  ["Configuration", /^(tandemq\/dist\/config|core\/dist\/(redact|limits|codec))\//],
  ["Jobs and queues", /^core\/dist\/(model|rules\/(duration|error-rule)|ports\/(broker|registry|job-logs))/],
  ["Actions and consumers", /^core\/dist\/(actions|consume)\//],
  ["Why a job does not run", /^core\/dist\/why\//],
  ["Errors", /^core\/dist\/errors\//],
];

export function apiReference() {
  const all = new Map(exportsOf("tandemq/dist/index.d.ts").map((one) => [one.name, one]));
  const reached = reach(all);
  const placed = sections.map(([title, where]) => [title, reached.filter(({ file }) => where.test(file)).sort(byName)]);
  const shown = new Set(placed.flatMap(([, list]) => list));
  const rest = [...all.values()].filter((one) => !shown.has(one)).sort(byName);
  const services = ["Services: `tandemq/services`", exportsOf("tandemq/dist/services/index.d.ts").sort(byName)];
  const parts = [...placed, services].map(([title, list]) => `## ${title}\n\n${list.map(entry).join("\n\n")}`);
  return [...parts, `## For authors of stores and tools\n\n${rest.map(row).join("\n")}`].join("\n\n");
}

/** The exports that the roots name, and those that these name, and so on. */
function reach(all) {
  const errors = [...all.values()].filter(({ file }) => file.includes("/errors/")).map(({ name }) => name);
  const reached = new Set([...roots, ...errors].map((name) => known(all, name)));
  for (const { text, file } of reached) {
    if (!sections.some(([, where]) => where.test(file))) continue;
    for (const [name] of text.replace(/\/\*\*[\s\S]*?\*\//g, "").matchAll(/\b[A-Z]\w+/g)) {
      if (all.has(name)) reached.add(all.get(name));
    }
  }
  return [...reached];
}

function known(all, name) {
  if (all.has(name)) return all.get(name);
  throw new Error(`the reference begins with ${name}, which is not exported any more`);
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
