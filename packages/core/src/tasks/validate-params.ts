import { InvalidParamsError } from "../errors/errors.js";
import type { SchemaAnswer, SchemaIssue, StandardSchema } from "./standard-schema.js";

/** Most issues that an error names. */
const mostNamed = 5;

/**
 * What the schema makes of the params; a promise where the schema works asynchronously.
 *
 * @param name begins the error's sentence
 * @throws InvalidParamsError naming the path of each culprit
 */
export function validateParams(schema: StandardSchema, params: unknown, name: string): unknown {
  const answer = schema["~standard"].validate(params);
  return isPromise(answer) ? answer.then((later) => accepted(later, name)) : accepted(answer, name);
}

function accepted(answer: SchemaAnswer<unknown>, name: string): unknown {
  if (!answer.issues) return answer.value;
  const named = answer.issues.slice(0, mostNamed).map(describe);
  const more = answer.issues.length - named.length;
  throw new InvalidParamsError(`${name}: ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`);
}

function describe({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((part) => (typeof part === "object" ? part.key : part));
  const place = keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `params${place}: ${message}`;
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value;
}
