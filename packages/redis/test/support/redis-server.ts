import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../../../test/support/wait-for.js";

/** A private Redis on a unix socket, for tests that set it up in their own way, stop it or kill it. */
export interface RedisServer extends AsyncDisposable {
  readonly path: string;
  start(): Promise<void>;
  /** Ends the server as a crash does; what it wrote to disk stays. */
  kill(): Promise<void>;
}

/** Kills the server when the pipe from the tests closes, however they ended. */
const guarded = 'redis-server "$@" & server=$!; read _; kill -9 $server; wait $server';

export async function redisServer(...settings: string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "tandemq-redis-"));
  const path = join(folder, "redis.sock");
  let guard: ChildProcess | undefined;
  const kill = async () => {
    if (!guard?.stdin?.writable) return;
    const exit = once(guard, "exit");
    guard.stdin.end();
    await exit;
  };
  const start = async () => {
    const fixed = ["--port", "0", "--unixsocket", path, "--dir", folder, "--save", "", ...(await busOf(settings))];
    guard = spawn("sh", ["-c", guarded, "sh", ...fixed, ...settings], { stdio: ["pipe", "ignore", "ignore"] });
    await waitFor("the server answers", () => answers(path));
  };
  const dispose = async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  return { path, start, kill, [Symbol.asyncDispose]: dispose };
}

/** Nodes of clusters listen to each other on a port in any case: by default all private ones would on the same. */
async function busOf(settings: readonly string[]): Promise<string[]> {
  if (!settings.includes("--cluster-enabled")) return [];
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return ["--cluster-port", String(port)];
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => socket.write("PING\r\n"));
    socket.once("data", (data) => {
      resolve(data.toString().startsWith("+PONG"));
      socket.destroy();
    });
    socket.once("error", () => resolve(false));
  });
}
