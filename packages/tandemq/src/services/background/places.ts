import { createHash } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Where the services that run in the background have their things, one set for each user. */
export interface Places {
  readonly folder: string;
  /** Through which their keeper is asked; answers only while it lives. */
  readonly socket: string;
  /** What the servers store, unless they were asked to be temporary. */
  readonly data: string;
  readonly log: string;
  /** The addresses of the last start, so that the next one takes the same. */
  readonly record: string;
}

/** `tandemq/services` in XDG_STATE_HOME, else in ~/.local/state. */
export function placesOf(env: NodeJS.ProcessEnv): Places {
  const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
  const folder = join(state, "tandemq", "services");
  const inFolder = (name: string) => join(folder, name);
  return {
    folder,
    ...{ socket: socketPath(inFolder("control")), data: inFolder("data") },
    ...{ log: inFolder("keeper.log"), record: inFolder("last.json") },
  };
}

/** Longest path of a socket, in bytes: the limit of macOS. Node cuts off what is over it. */
const longestSocket = 103;

function socketPath(path: string): string {
  if (Buffer.byteLength(path) <= longestSocket) return path;
  return join(tmpdir(), `tandemq-${createHash("sha256").update(path).digest("hex").slice(0, 16)}`);
}
