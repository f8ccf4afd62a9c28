/** An error as it is kept with a job: plain data, bounded in size. */
export interface JobError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly cause?: JobError;
}

const maxMessage = 10_000;
const maxStack = 20_000;
const maxCauses = 5;

/**
 * Turns anything that was thrown into a {@link JobError}.
 *
 * Message and stack are cut (10,000 and 20,000 characters), at most five causes are followed. Never throws, whatever
 * the value's getters do.
 */
export function toJobError(thrown: unknown, causes: number = maxCauses): JobError {
  try {
    return thrown instanceof Error || isErrorLike(thrown) ? fromError(thrown, causes) : fromValue(thrown);
  } catch {
    return {
      name: "Error",
      message: "an error that could not be read was thrown",
    };
  }
}

interface ErrorLike {
  name?: unknown;
  message: unknown;
  stack?: unknown;
  code?: unknown;
  cause?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === "object" && value !== null && "message" in value;
}

function fromError(error: ErrorLike, causes: number): JobError {
  const { code, cause, stack } = error;
  return {
    name: cut(String(error.name ?? "Error"), 200),
    message: cut(String(error.message), maxMessage),
    ...(typeof stack === "string" ? { stack: cut(stack, maxStack) } : {}),
    ...(typeof code === "string" || typeof code === "number" ? { code: cut(String(code), 200) } : {}),
    ...(cause !== undefined && causes > 0 ? { cause: toJobError(cause, causes - 1) } : {}),
  };
}

function fromValue(thrown: unknown): JobError {
  const kind = thrown === undefined || thrown === null ? `${thrown}` : `${article(thrown)} ${typeof thrown}`;
  return {
    name: "NonError",
    message: cut(`${kind} was thrown: ${describe(thrown)}`, maxMessage),
  };
}

function article(thrown: unknown): "a" | "an" {
  return typeof thrown === "object" ? "an" : "a";
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null ? (JSON.stringify(value) ?? "an object") : String(value);
}

function cut(text: string, max: number): string {
  const short = text.length > max ? `${text.slice(0, max)} …(${text.length - max} more characters)` : text;
  return short.toWellFormed();
}
