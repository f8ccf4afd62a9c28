import type { Report } from "./report.js";
import { showValue } from "./show-value.js";

/** How a value is written on the command line. */
export type FieldShape = "text" | "number" | "flag" | "list" | "object";

/** One option: type, default, doc and check in one place. */
export interface Field<T> {
  readonly doc: string;
  readonly shape: FieldShape;
  /** What a value must be, to follow the word "expected". */
  readonly expected: string;
  /** In force where nothing is given; `undefined` where there is none. */
  readonly default: T | undefined;
  /** The default as help shows it; `undefined` where there is none worth showing. */
  readonly shownDefault: string | undefined;
  /** A value as one would write it, where that is not as JSON has it. */
  show?(value: T): string;
  /** Name on the command line, without dashes; the environment variable is made of it. */
  readonly flag?: string;
  /** The options of an object, by name. */
  readonly fields?: Fields;
  /** What the values of a record are. */
  readonly item?: Field<unknown>;
  /** Reads what was given. Mistakes go to the report; what is returned after one must not be used. */
  read(given: unknown, path: string, report: Report): T;
  /** What a text from the command line or the environment stands for. */
  fromText(text: string): unknown;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What `field` yields. */
export type ValueOf<F> = F extends Field<infer T> ? T : never;

/** What every kind of option may say. `D` is `undefined` where there is no default. */
export interface FieldOptions<D> {
  /** What the option means, as a sentence without its default. */
  readonly doc: string;
  readonly default?: D;
  readonly flag?: string;
}

/** The type's own part of a field. */
export interface FieldType<T> {
  readonly shape: FieldShape;
  readonly expected: string;
  /** The value, or `undefined` when what was given is not of this type. May report finer mistakes and go on. */
  parse(given: unknown, path: string, report: Report): T | undefined;
  fromText?(text: string): unknown;
  /** A default as help shows it. Default: as `String` does. */
  show?(value: T): string;
}

/** A field of a type. The default is taken as it is. */
export function makeField<T, D>(options: FieldOptions<D>, type: FieldType<T>): Field<T | D> {
  const fallback = options.default as D;
  return {
    doc: options.doc,
    shape: type.shape,
    expected: type.expected,
    default: fallback,
    shownDefault: shown(type, fallback as T | undefined),
    ...(options.flag === undefined ? {} : { flag: options.flag }),
    ...(type.show ? { show: type.show as (value: T | D) => string } : {}),
    fromText: type.fromText ?? ((text) => text),
    read(given, path, report) {
      if (given === undefined) return fallback;
      const value = type.parse(given, path, report);
      if (value === undefined) report.mistake(path, `expected ${type.expected}, got ${showValue(given)}`);
      return value ?? fallback;
    },
  };
}

function shown<T>(type: FieldType<T>, value: T | undefined): string | undefined {
  return value === undefined ? undefined : (type.show ?? String)(value) || undefined;
}
