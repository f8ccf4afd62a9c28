import { type JsonObject, type TaskOptions, validateParams } from "@tandemq/core";

/** Errors that end a job at once, whatever attempts are left: the next run would meet them, too. */
const refusals = new WeakSet<object>();

/**
 * What the schema makes of the params.
 * @throws InvalidParamsError, a refusal
 */
export async function checkedParams(
  schema: NonNullable<TaskOptions["schema"]>,
  params: JsonObject,
  path: string,
): Promise<JsonObject> {
  try {
    return (await validateParams(schema, params, `task ${path}`)) as JsonObject;
  } catch (error) {
    if (typeof error === "object" && error !== null) refusals.add(error);
    throw error;
  }
}

/** Whether the error says that these params can never be run. */
export function isRefusal(thrown: unknown): boolean {
  return typeof thrown === "object" && thrown !== null && refusals.has(thrown);
}
