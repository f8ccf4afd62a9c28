/** `npm run matrix`: runs the feature tests and writes docs/matrix.md from what they show. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, TANDEMQ_MATRIX: "write" };
const args = ["scripts/test.mjs", "--testPathPatterns", "test/features/"];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
