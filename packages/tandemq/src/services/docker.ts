import { run } from "./run.js";
import type { Context, Route, ServerBinary } from "./types.js";

/** A server in a container. */
export interface ServerImage {
  readonly image: string;
  /** The server's command inside the container, without flags. */
  readonly command: readonly string[];
  /** Where the image keeps its data. */
  readonly folder: string;
  /** The flag that lets it listen beyond the container's own loopback interface. */
  readonly listen: readonly string[];
}

const PULL_LIMIT_MS = 600_000;

// The container is published on loopback only, under the same port inside and outside: a replica set member must be
// reachable by its own name from both sides.
function inContainer({ image, command, folder, listen }: ServerImage): ServerBinary {
  return {
    origin: `the container image ${image}`,
    startLimitMs: 60_000,
    command: (port, outside, flags) => [
      ...["docker", "run", "--rm", "--publish", `127.0.0.1:${port}:${port}`, "--volume", `${outside}:${folder}`],
      ...(process.getuid && process.getgid ? ["--user", `${process.getuid()}:${process.getgid()}`] : []),
      ...[image, ...command, "--port", String(port), ...listen, ...flags],
    ],
  };
}

/** The server in a container, where a Docker engine answers and has or gets the image. */
export function dockerRoute(image: ServerImage): Route {
  return {
    name: "Docker",
    async find({ env, progress }: Context) {
      await run("docker", ["version", "--format", "{{.Server.Version}}"], 5_000, env);
      await run("docker", ["image", "inspect", image.image], 10_000, env).catch(() => {
        progress(`Pulling the container image ${image.image} ...`);
        return run("docker", ["pull", "--quiet", image.image], PULL_LIMIT_MS, env);
      });
      return inContainer(image);
    },
  };
}
