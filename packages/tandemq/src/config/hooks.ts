import { type Codec, options as o, redactParts, type RedactRule } from "@tandemq/core";

const expectedRule = `a path that begins with one of ${redactParts.join(", ")} or *, such as "params.password", or a function`;

function isRule(value: unknown): value is RedactRule {
  if (typeof value === "function") return true;
  if (typeof value !== "string") return false;
  const [first = "", ...rest] = value.split(".");
  return ["*", ...redactParts].includes(first) && rest.length > 0 && rest.every((key) => key !== "");
}

/** What is left out of logs, errors and whatever is shown. */
export const redactField: o.Field<readonly RedactRule[]> = {
  doc: "What is left out of logs, errors and whatever is shown.",
  shape: "object",
  expected: `${expectedRule}, or a list of them`,
  default: undefined,
  shownDefault: undefined,
  show: (rules) => rules.map((rule) => (typeof rule === "string" ? rule : "a function")).join(", "),
  fromText: (text) => text,
  read(given, path, report) {
    if (given === undefined) return [];
    const rules: unknown[] = Array.isArray(given) ? given : [given];
    rules.forEach((rule, i) => {
      if (!isRule(rule)) report.mistake(o.joinPath(path, i), `expected ${expectedRule}`);
    });
    return rules.filter(isRule);
  },
};

function isCodec(value: unknown): value is Codec {
  if (typeof value !== "object" || value === null) return false;
  const { name, encode, decode } = value as Partial<Codec>;
  return typeof name === "string" && name !== "" && typeof encode === "function" && typeof decode === "function";
}

/** How params and results are written at rest. */
export const codecField: o.Field<Codec | undefined> = {
  doc: "Encrypts or compresses params and results at rest.",
  shape: "object",
  expected: "an object with a name and the functions encode and decode",
  default: undefined,
  shownDefault: undefined,
  show: (codec) => codec?.name ?? "",
  fromText: (text) => text,
  read(given, path, report) {
    if (given === undefined || isCodec(given)) return given;
    report.mistake(path, "expected an object with a name and the functions encode and decode");
    return undefined;
  },
};
