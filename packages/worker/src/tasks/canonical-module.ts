import { relative, sep } from "node:path";

/** The module part of a canonical task path: the file relative to `cwd`, without extension, with `/` between folders. */
export function canonicalModule(file: string, cwd: string): string {
  return relative(cwd, file)
    .split(sep)
    .join("/")
    .replace(/\.[^./]+$/, "");
}
