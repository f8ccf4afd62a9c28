import { InvalidParamsError } from "@tandemq/core";

/**
 * Params as they are written on a command line; none given: an empty object.
 *
 * @param name how the text is called in an error
 * @throws InvalidParamsError
 */
export function parseParams(text: string | undefined, name: string = "params"): object {
  if (text === undefined) return {};
  try {
    const params: unknown = JSON.parse(text);
    if (typeof params === "object" && params !== null && !Array.isArray(params)) return params;
  } catch (error) {
    throw new InvalidParamsError(`${name}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new InvalidParamsError(`${name}: expected a JSON object such as {"file":"cat.jpg"}`);
}
