import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { root } from "./fences.js";

const pages = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...readdirSync(`${root}docs`).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
];

const prose = (page: string): string => readFileSync(root + page, "utf8").replace(/^```[\s\S]*?^```$/gm, "");

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function isThere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(root + target)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

test.each(pages)("%s: every link leads somewhere", (page) => {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const own = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(own.filter((link) => !isThere(page, link))).toEqual([]);
});

test("docs/README.md names every page", () => {
  const index = prose("docs/README.md");
  const named = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  expect(named.filter((page) => !index.includes(`(${page.slice(5)})`))).toEqual([]);
});
