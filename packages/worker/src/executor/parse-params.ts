import { CodecError, codecOf, type JsonObject, MalformedJobError } from "@tandemq/core";
import type { Execution } from "./execution.js";

/**
 * Second step: reads the params.
 * @throws MalformedJobError when the text is not a JSON object
 */
export function parseParams(execution: Execution): void {
  const value = parse(execution.job.params);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedJobError(`the params of job ${execution.job.id} are not a JSON object`);
  }
  const codec = codecOf(value);
  if (codec !== undefined) {
    throw new CodecError(
      `the params are encoded by codec "${codec}", and this worker has none: configure it (\`codec\`)`,
    );
  }
  execution.params = value as JsonObject;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedJobError(`the params are not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
