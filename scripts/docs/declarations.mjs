/** What the declaration files of an entry export: name, folder of the module, docstring, declaration. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Every export of a declaration file, below `packages/`, in the order of the file; `only` names the wanted ones. */
export function exportsOf(file, only) {
  const found = readFileSync(packages + file, "utf8").split("\n");
  const own = declarationsIn(found).map((one) => ({ ...one, file }));
  const others = found.flatMap((line) => reexported(line, file));
  return [...own, ...others].filter(({ name }) => !only || only.has(name));
}

/** `export * from "…"` and `export { a, type B } from "…"`. */
function reexported(line, file) {
  const [, names, from] = /^export (?:type )?(\*|\{.*\}) from "(.+)";/.exec(line) ?? [];
  if (from === undefined) return [];
  const only =
    names === "*" ? undefined : new Set([...names.matchAll(/(?:type )?(\w+)[,\s}]/g)].map(([, name]) => name));
  return exportsOf(fileOf(from, file), only);
}

function fileOf(from, file) {
  if (from.startsWith(".")) return new URL(from.replace(/\.js$/, ".d.ts"), `file:///${file}`).pathname.slice(1);
  const [, name, part = "index"] = /^@tandemq\/([^/]+)(?:\/(.+))?$/.exec(from);
  return `${name}/dist/${part}.d.ts`;
}

/** Statements begin in the first column; a docstring stands right above. */
function declarationsIn(lines) {
  const starts = lines.flatMap((line, at) => (/^export (declare |interface |type )/.test(line) ? [at] : []));
  return starts.flatMap((at) => {
    const name = /^export (?:declare )?(?:abstract )?(?:class|interface|type|function|const) (\w+)/.exec(
      lines[at],
    )?.[1];
    return name === undefined ? [] : [{ name, doc: docAbove(lines, at), text: statementAt(lines, at) }];
  });
}

function docAbove(lines, at) {
  if (!lines[at - 1]?.endsWith("*/")) return "";
  let from = at - 1;
  while (!lines[from].startsWith("/**")) from--;
  const inner = lines.slice(from, at).map((line) => line.replace(/^ \*\/$|^\/\*\* ?|^ \* ?|\s*\*\/$/g, ""));
  return inner.join("\n").replace(/^ \*$/gm, "").trim();
}

function statementAt(lines, at) {
  const block = lines[at].endsWith("{");
  let to = at;
  while (!(block ? /^\}/ : /;$/).test(lines[to])) to++;
  const kept = lines.slice(at, to + 1).filter((line) => !/^\s+(#private|private |static #)/.test(line));
  return kept.join("\n").replace(/^export (declare )?/, "");
}
