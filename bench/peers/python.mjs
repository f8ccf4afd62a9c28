/**
 * Celery and RQ on Redis, in a virtual environment in the user's cache folder; results are not kept. Celery runs its
 * thread pool for jobs in flight in one process, its prefork pool for processes of one job each. A worker of RQ forks a
 * process for every job and runs one at a time: one worker for one process, its pool of workers for more.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [folder, requirements] = [at("../python"), at("../python/requirements.txt")];
const pinned = readFileSync(requirements, "utf8");
const cache = process.env.XDG_CACHE_HOME || `${homedir()}/.cache`;
/** Another one as soon as a version changes. */
const environment = `${cache}/tandemq/bench-python-${createHash("sha256").update(pinned).digest("hex").slice(0, 8)}`;
const python = `${environment}/bin/python`;

/** Makes the environment, once. */
export function preparePython() {
  if (existsSync(`${environment}/bin/rq`)) return;
  call("python3", "-m", "venv", "--clear", environment);
  call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements);
}

function call(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`"${command} ${args.join(" ")}" failed${error ? `: ${error.message}` : ""}`);
}

/** @param queue "celery" or "rq" */
export function pythonPeer(queue) {
  return {
    name: queue,
    remote: true,
    versions: () => ({ [queue]: new RegExp(`^${queue}==(\\S+)`, "m").exec(pinned)[1] }),

    async producer({ redisUrl }) {
      const child = run(redisUrl, ["produce", queue]);
      const addMany = (jobs) => child.ask({ jobs });
      return {
        add: (params) => addMany([params]),
        addMany,
        single: (ms) => child.ask({ single: ms / 1000 }),
        close: () => child.end(),
      };
    },

    async worker({ redisUrl, concurrency, processes }) {
      const [pool, size] = processes === 0 ? ["threads", concurrency] : ["prefork", processes];
      const child = run(redisUrl, ["work", queue, pool, queue === "rq" ? Math.max(1, processes) : size]);
      return { stop: () => child.end() };
    },

    async look({ redisUrl }) {
      const redis = new Redis(redisUrl);
      const counts =
        queue === "celery"
          ? [redis.llen("bench"), redis.hlen("unacked"), 0]
          : [redis.llen("rq:queue:bench"), redis.zcard("rq:wip:bench"), redis.zcard("rq:failed:bench")];
      const [waiting, running, failed] = await Promise.all(counts);
      await redis.quit();
      return { waiting, running, failed, wrong: 0 };
    },
  };
}

/** A Python process that answers one line with one line, and ends when its stdin does: also when this one is killed. */
function run(redisUrl, args) {
  const env = { ...process.env, BENCH_REDIS: redisUrl, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(python, ["peer.py", ...args], { env, cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(child, "exit");
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout });
  const lost = async () => {
    const [code, signal] = await gone;
    throw new Error(`peer.py ${args.join(" ")} ended (${signal ?? `code ${code}`})`);
  };
  return {
    async ask(what) {
      child.stdin.write(`${JSON.stringify(what)}\n`);
      const [line] = await Promise.race([once(lines, "line"), lost()]);
      return JSON.parse(line);
    },
    async end() {
      child.stdin.end();
      await gone;
    },
  };
}
