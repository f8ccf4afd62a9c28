/** Licences of what is joined into a bundle: whoever copies code passes them on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The notices of all packages that these files belong to, as one text; empty where there are none. */
export function noticesOf(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort().map(noticeOf).join("\n");
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${folder} has no licence text: it cannot be joined into a bundle`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
