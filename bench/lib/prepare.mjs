/** What a fresh clone needs before a run: the peers installed, the product built. Uses nothing but Node's own modules. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bench = fileURLToPath(new URL("..", import.meta.url));

const peers = ["bullmq", "bee-queue", "agenda", "@agendajs/mongo-backend"];

export function prepare() {
  if (!existsSync(`${root}node_modules/tandemq`)) npm(root, "ci");
  if (!existsSync(`${root}packages/tandemq/dist/cli/main.js`)) npm(root, "run", "build");
  if (!peers.every((name) => existsSync(`${bench}node_modules/${name}`))) npm(bench, "ci");
}

function npm(cwd, ...args) {
  const { status } = spawnSync("npm", args, { cwd, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`"npm ${args.join(" ")}" failed in ${cwd}`);
}
