import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** One fenced block of a page. */
export interface Fence {
  /** The page and the line of the opening fence, such as `docs/guide.md:12`. */
  readonly place: string;
  readonly language: string;
  /** What follows the language: the file that the text is quoted from. */
  readonly info: string;
  readonly text: string;
}

/** The pages for users and contributors. */
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "packages/tandemq/README.md",
  ...readdirSync(`${root}docs`).map((name) => `docs/${name}`),
];

const fence = /^( *)```(\S*)[ \t]*(.*)\n([\s\S]*?)^\1```$/gm;

/** Every fenced block of every page. */
export function readFences(): Fence[] {
  return pages.filter((page) => page.endsWith(".md")).flatMap(fencesOf);
}

function fencesOf(page: string): Fence[] {
  const source = readFileSync(root + page, "utf8");
  return [...source.matchAll(fence)].map(({ 2: language = "", 3: info = "", 4: text = "", index }) => ({
    place: `${page}:${source.slice(0, index).split("\n").length}`,
    ...{ language, info: info.trim(), text: text.trim() },
  }));
}
