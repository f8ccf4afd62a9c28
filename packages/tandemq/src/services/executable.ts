import { serverVersion, type VersionRule } from "./server-version.js";
import { localBinary, type PlaceFlags } from "./local-binary.js";
import type { ServerBinary } from "./types.js";

/** What is to be known of a server program. */
export interface Program {
  /** Name of the executable. */
  readonly name: string;
  readonly version: VersionRule;
  readonly placeFlags: PlaceFlags;
}

/** The server in an executable file. Rejects where it does not run here or is too old. */
export async function fromExecutable(program: Program, path: string, env: NodeJS.ProcessEnv): Promise<ServerBinary> {
  return localBinary(path, await serverVersion(path, program.version, env), program.placeFlags);
}
