import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createTlsStores, makeCertificates } from "./tls-stores.mjs";

const command = fileURLToPath(new URL("../../packages/tandemq/dist/cli/main.js", import.meta.url));
const project = fileURLToPath(new URL("project", import.meta.url));
const modes = ["regular", "raw", "no-storage"];

/**
 * Runs one job of each mode by stores that speak TLS only, with a certificate of an authority of one's own; and sees that
 * a program that does not know the authority is told so. Returns what does not hold, as sentences.
 */
export async function proveTls(parent) {
  const folder = join(parent, "tls");
  mkdirSync(folder, { recursive: true });
  const certificates = makeCertificates(folder);
  const stores = await createTlsStores(folder, certificates);
  try {
    await Promise.all([stores.mongo.start(), stores.redis.start()]);
    const env = {
      TANDEMQ_MONGO: `${stores.mongo.url}&tlsCAFile=${certificates.ca}`,
      TANDEMQ_REDIS: stores.redis.url,
      NODE_EXTRA_CA_CERTS: certificates.ca,
      FAULTS_LEDGER: folder,
    };
    const told = await strangers(env, stores);
    return [...told, ...(await jobs(env))];
  } finally {
    await Promise.all([stores.mongo.stop(), stores.redis.stop()]);
  }
}

async function jobs(env) {
  const queues = modes.map((mode) => `${mode}/tls`);
  for (const queue of queues) {
    const { code, output } = await tandemq(env, "enqueue", "faults.work", '{"number":1,"ms":5}', "--queue", queue);
    if (code !== 0) return [`nothing could be enqueued into ${queue}: ${output}`];
  }
  const worker = await tandemq(env, "worker", ...queues, "--until-idle", "--log-level", "warn");
  if (worker.code !== 0) return [`the worker ended with ${worker.code}: ${worker.output}`];
  const { output } = await tandemq(env, "queues", "--json");
  const found = JSON.parse(output).filter(({ queue }) => queues.includes(queue));
  return found.length === modes.length && found.every(({ counts }) => counts.success === 1)
    ? []
    : [`counts: ${output}`];
}

/** Programs that lack the authority of one store. */
async function strangers(env, { mongo }) {
  const lacking = [
    ["regular/tls", { ...env, TANDEMQ_MONGO: mongo.url, NODE_EXTRA_CA_CERTS: "" }],
    ["no-storage/tls", { ...env, NODE_EXTRA_CA_CERTS: "" }],
  ];
  const wrong = [];
  for (const [queue, changed] of lacking) {
    const { code, output } = await tandemq(changed, "enqueue", "faults.work", "{}", "--queue", queue);
    if (code !== 1 || !/certificate/.test(output)) wrong.push(`${queue} without the authority: ${code} ${output}`);
  }
  return wrong;
}

function tandemq(env, ...args) {
  const child = spawn(process.execPath, [command, ...args], { cwd: project, env: { ...process.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}
