import { unknownKeyMessage } from "./did-you-mean.js";
import { type Field, type FieldOptions, type Fields, type ValueOf, makeField } from "./field.js";
import { Report } from "./report.js";
import { joinPath, showValue } from "./show-value.js";

/** A list of values; one value alone stands for a list of one. On the command line: separated by commas. */
export function list<T, D extends readonly T[] | undefined = undefined>(
  item: Field<T>,
  options: FieldOptions<D>,
): Field<readonly T[] | D> {
  return makeField<readonly T[], D>(options, {
    shape: "list",
    expected: `a list, each ${item.expected}`,
    parse: (given, path, report) =>
      Array.isArray(given)
        ? given.map((value: unknown, i) => item.read(value ?? null, joinPath(path, i), report))
        : [item.read(given, path, report)],
    fromText: (given) => given.split(",").map((part) => item.fromText(part.trim())),
  });
}

/** An object with names of the user's choice: all values are of one type, all names match `name`. */
export function record<T, D extends Readonly<Record<string, T>> | undefined = undefined>(
  value: Field<T>,
  options: FieldOptions<D> & {
    readonly name: RegExp;
    readonly expectedName: string;
  },
): Field<Readonly<Record<string, T>> | D> {
  const field = makeField<Readonly<Record<string, T>>, D>(options, {
    shape: "object",
    expected: "an object",
    show: () => "",
    parse(given, path, report) {
      if (!isPlainObject(given)) return undefined;
      const entries = Object.entries(given).filter(([, item]) => item !== undefined);
      for (const [name] of entries) {
        if (!options.name.test(name))
          report.mistake(joinPath(path, name), `expected ${options.expectedName} as its name`);
      }
      return Object.fromEntries(entries.map(([name, item]) => [name, value.read(item, joinPath(path, name), report)]));
    },
  });
  return { ...field, item: value };
}

/** What an object of these fields yields. */
export type ObjectOf<F extends Fields> = {
  readonly [K in keyof F]: ValueOf<F[K]>;
};

/** An object with known options. Missing ones get their defaults; unknown ones are mistakes. */
export function object<F extends Fields>(fields: F, options: { readonly doc: string }): Field<ObjectOf<F>> {
  return {
    doc: options.doc,
    shape: "object",
    expected: "an object",
    default: undefined,
    shownDefault: undefined,
    fields,
    fromText: (text) => text,
    read(given, path, report) {
      const source = given === undefined ? {} : given;
      if (isPlainObject(source)) return readFields(fields, source, path, report) as ObjectOf<F>;
      report.mistake(path, `expected an object, got ${showValue(given)}`);
      return readFields(fields, {}, path, report) as ObjectOf<F>;
    },
  };
}

/** Like `object`, but nothing at all where nothing is given. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    ...field,
    read: (given, path, report) => (given === undefined ? undefined : field.read(given, path, report)),
  };
}

/** A field that must be given. */
export function required<T>(field: Field<T | undefined>): Field<T> {
  return {
    ...field,
    default: undefined,
    shownDefault: undefined,
    read(given, path, report) {
      if (given === undefined) report.mistake(path, `expected ${field.expected}, but it is missing`);
      return field.read(given, path, report) as T;
    },
  };
}

/** A field with a short form: `expand` turns a text into what the long form has; other values are left as they are. */
export function shorthand<T>(field: Field<T>, expected: string, expand: (text: string) => unknown): Field<T> {
  return {
    ...field,
    expected,
    read(given, path, report) {
      if (given === undefined || typeof given === "string" || isPlainObject(given)) {
        return field.read(typeof given === "string" ? expand(given) : given, path, report);
      }
      report.mistake(path, `expected ${expected}, got ${showValue(given)}`);
      return field.read({}, path, new Report());
    },
  };
}

function readFields(fields: Fields, given: object, path: string, report: Report): object {
  const known = Object.keys(fields);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) report.mistake(joinPath(path, key), unknownKeyMessage(key, known));
  }
  const values = given as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, field.read(values[key], joinPath(path, key), report)]),
  );
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
