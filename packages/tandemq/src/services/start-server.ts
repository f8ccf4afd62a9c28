import { BrokerUnavailableError } from "@tandemq/core";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.js";
import { startGuarded, type GuardedProcess } from "./guarded-process.js";
import type { Context, ServerBinary, Wish } from "./types.js";

/** One kind of server: how it is configured and how to tell that it is ready. */
export interface ServerKind {
  /** `mongo` or `redis`: names folders. */
  readonly name: string;
  readonly flags: readonly string[];
  urlOf(port: number): string;
  /** Resolves when the server at the port serves; rejects when the signal fires first. */
  waitUntilReady(port: number, signal: AbortSignal): Promise<void>;
}

/** A server of ours that is ready. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

const PORT_TRIES = 3;
const PORT_TAKEN = /address already in use/i;

interface Place {
  readonly folder: string;
  readonly temporary: boolean;
}

async function makePlace(kind: ServerKind, dataDir: string | undefined): Promise<Place> {
  if (dataDir === undefined) {
    return { folder: await mkdtemp(join(tmpdir(), `tandemq-${kind.name}-`)), temporary: true };
  }
  const folder = join(dataDir, kind.name);
  await mkdir(folder, { recursive: true });
  return { folder, temporary: false };
}

async function lastLines(logFile: string): Promise<string> {
  const text = await readFile(logFile, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-5).join("\n");
}

/** Waits for readiness, for the end of the process or for the limit, whichever comes first. True when it is ready. */
async function isReady(kind: ServerKind, port: number, server: GuardedProcess, limitMs: number): Promise<boolean> {
  const ended = new AbortController();
  const limit = setTimeout(() => ended.abort(), limitMs);
  void server.ended.then(() => ended.abort());
  try {
    await kind.waitUntilReady(port, ended.signal);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(limit);
  }
}

/** Starts a server on a free loopback port, trying others where that port is taken meanwhile. */
export async function startServer(
  kind: ServerKind,
  binary: ServerBinary,
  wish: Wish,
  context: Context,
): Promise<RunningServer> {
  let failure = "";
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const place = await makePlace(kind, wish.dataDir);
    const port = await freePort(wish.port);
    const logFile = join(place.folder, "server.log");
    const command = binary.command(port, place.folder, kind.flags);
    const temporaryFolder = place.temporary ? place.folder : undefined;
    const server = startGuarded({ command, logFile, temporaryFolder, env: context.env });
    if (await isReady(kind, port, server, binary.startLimitMs)) return { url: kind.urlOf(port), stop: server.stop };
    failure = await lastLines(logFile);
    await server.stop();
    if (place.temporary) await rm(place.folder, { recursive: true, force: true });
    if (!PORT_TAKEN.test(failure)) break;
  }
  throw new BrokerUnavailableError(
    `${binary.origin} was started but did not become ready; its log ends with:\n${failure}`,
  );
}
