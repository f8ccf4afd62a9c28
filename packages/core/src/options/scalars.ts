import { InvalidOptionError } from "../errors/errors.js";
import { type Duration, toMs } from "../rules/duration.js";
import { didYouMean } from "./did-you-mean.js";
import { type Field, type FieldOptions, makeField } from "./field.js";
import { showDuration } from "./show-duration.js";
import { showValue } from "./show-value.js";

/** A text that is not empty; `pattern` and `expected` narrow it. */
export function text<D extends string | undefined = undefined>(
  options: FieldOptions<D> & {
    readonly pattern?: RegExp;
    readonly expected?: string;
  },
): Field<string | D> {
  const pattern = options.pattern ?? /\S/;
  return makeField(options, {
    shape: "text",
    expected: options.expected ?? "a text",
    parse: (given) => (typeof given === "string" && pattern.test(given) ? given : undefined),
  });
}

/** A whole number in a range. */
export function integer<D extends number | undefined = undefined>(
  options: FieldOptions<D> & { readonly min: number; readonly max: number },
): Field<number | D> {
  const { min, max } = options;
  return makeField(options, {
    shape: "number",
    expected: `a whole number from ${min} to ${max}`,
    parse: (given) => (Number.isSafeInteger(given) && inRange(given, min, max) ? Number(given) : undefined),
    fromText: numberFromText,
  });
}

/** A number in a range. */
export function number<D extends number | undefined = undefined>(
  options: FieldOptions<D> & { readonly min: number; readonly max: number },
): Field<number | D> {
  const { min, max } = options;
  return makeField(options, {
    shape: "number",
    expected: `a number from ${min} to ${max}`,
    parse: (given) => (typeof given === "number" && inRange(given, min, max) ? given : undefined),
    fromText: numberFromText,
  });
}

const flagTexts: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  yes: true,
  false: false,
  "0": false,
  no: false,
};

/** Yes or no: `true` or `false` in a file; `1`, `yes`, `0`, `no` too in the environment. */
export function flag<D extends boolean | undefined = undefined>(options: FieldOptions<D>): Field<boolean | D> {
  return makeField(options, {
    shape: "flag",
    expected: "true or false",
    parse: (given) => (typeof given === "boolean" ? given : undefined),
    fromText: (given) => flagTexts[given.toLowerCase()] ?? given,
  });
}

/** The words of a choice. */
export interface ChoiceOptions<C extends string> extends FieldOptions<C | undefined> {
  readonly of: readonly C[];
}

/** One of some words. A near miss is told with "did you mean". */
export function choice<const C extends string>(options: ChoiceOptions<C> & { readonly default: NoInfer<C> }): Field<C>;
export function choice<const C extends string>(options: ChoiceOptions<C>): Field<C | undefined>;
export function choice<C extends string>(options: ChoiceOptions<C>): Field<C | undefined> {
  const expected = orList(options.of.map((word) => `"${word}"`));
  return makeField(options, {
    shape: "text",
    expected,
    parse(given, path, report) {
      const known = options.of.find((word) => word === given);
      const near = known === undefined && typeof given === "string" ? didYouMean(given, options.of) : undefined;
      if (near === undefined) return known;
      report.mistake(path, `expected ${expected}, got ${showValue(given)}; did you mean "${near}"?`);
      return options.of[0];
    },
  });
}

/** A duration, read as whole milliseconds: a number of them, or text such as `"30s"`. */
export function duration<D extends number | undefined = undefined>(
  options: FieldOptions<D> & { readonly min?: number; readonly max?: number },
): Field<number | D> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  return makeField(options, {
    shape: "text",
    expected: `milliseconds or a duration such as "30s", "5m" or "7d"${rangeText(min, max)}`,
    parse: (given) => durationInRange(given, min, max),
    show: showDuration,
    fromText: numberFromText,
  });
}

/** The address of a store, with one of the given schemes. Several hosts are allowed, as MongoDB has them. */
export function url<D extends string | undefined = undefined>(
  options: FieldOptions<D> & {
    readonly schemes: readonly string[];
    readonly example: string;
  },
): Field<string | D> {
  return makeField(options, {
    shape: "text",
    expected: `a URL such as ${options.example}`,
    parse(given) {
      const scheme = typeof given === "string" ? /^([a-z][a-z0-9+.-]*):\/\/[^\s/?#]/i.exec(given)?.[1] : undefined;
      return scheme !== undefined && options.schemes.includes(scheme.toLowerCase()) ? String(given) : undefined;
    },
  });
}

/** A function. Has no place on the command line. */
export function code<F extends (...given: never[]) => unknown>(options: FieldOptions<undefined>): Field<F | undefined> {
  return makeField<F, undefined>(options, {
    shape: "text",
    expected: "a function",
    parse: (given) => (typeof given === "function" ? (given as F) : undefined),
    show: () => "",
  });
}

/** A number where the text is one; the text itself where it is not, so that the mistake can quote it. */
function numberFromText(given: string): unknown {
  return given.trim() !== "" && Number.isFinite(Number(given)) ? Number(given) : given;
}

function inRange(given: unknown, min: number, max: number): boolean {
  return Number(given) >= min && Number(given) <= max;
}

function durationInRange(given: unknown, min: number, max: number): number | undefined {
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  const ms = tryToMs(given);
  return ms !== undefined && inRange(ms, min, max) ? ms : undefined;
}

function tryToMs(given: Duration): number | undefined {
  try {
    return toMs(given);
  } catch (error) {
    if (error instanceof InvalidOptionError) return undefined;
    throw error;
  }
}

function rangeText(min: number, max: number): string {
  const upper = max < Number.MAX_SAFE_INTEGER;
  if (min > 0) return upper ? `, from ${showDuration(min)} to ${showDuration(max)}` : `, at least ${showDuration(min)}`;
  return upper ? `, at most ${showDuration(max)}` : "";
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
