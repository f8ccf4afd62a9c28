import { describe, expect, test } from "@jest/globals";
import { ConfigError, options as o } from "@tandemq/core";

interface Shop {
  readonly name: string;
  readonly size: number | undefined;
  readonly open: boolean;
  readonly kind: "small" | "large";
  readonly wait: number;
  readonly tags: readonly string[];
  readonly doors: Readonly<Record<string, number>> | undefined;
  readonly owner: { readonly age: number | undefined };
}

const schema: o.Field<Shop> = o.object(
  {
    name: o.required(o.text({ doc: "Its name." })),
    size: o.integer({ doc: "Square metres.", min: 1, max: 100 }),
    open: o.flag({ doc: "Whether it is open.", default: true }),
    kind: o.choice({ doc: "Its kind.", of: ["small", "large"], default: "small" }),
    wait: o.duration({ doc: "Waiting time.", min: 10, default: 1000, flag: "longest-wait" }),
    tags: o.list(o.required(o.text({ doc: "A tag." })), { doc: "Tags.", default: [] }),
    doors: o.record(o.required(o.integer({ doc: "Width.", min: 1, max: 9 })), {
      doc: "Doors by name.",
      name: /^[a-z]+$/,
      expectedName: "small letters",
    }),
    owner: o.object({ age: o.number({ doc: "Age.", min: 0, max: 150 }) }, { doc: "Its owner." }),
  },
  { doc: "A shop." },
);

function mistakes(given: unknown): Record<string, string> {
  try {
    o.readOptions(schema, given, "shop");
  } catch (error) {
    if (error instanceof ConfigError) return Object.fromEntries(error.mistakes.map((one) => [one.path, one.message]));
    throw error;
  }
  throw new Error("no mistake was found");
}

describe("reading options", () => {
  test("defaults for what is missing, the given for the rest", () => {
    expect(o.readOptions(schema, { name: "a", wait: "2s", doors: { front: 3 }, tags: "one" }, "shop").value).toEqual({
      name: "a",
      size: undefined,
      open: true,
      kind: "small",
      wait: 2000,
      tags: ["one"],
      doors: { front: 3 },
      owner: { age: undefined },
    });
  });

  test("all mistakes at once, each with its path, what was expected and what came", () => {
    const given = {
      ...{ size: 0.5, open: "yes", kind: "big", wait: "5 parsecs", tags: ["a", 7] },
      ...{ doors: { Front: 3, back: 10 }, owner: { age: "old", name: "x" } },
    };
    expect(mistakes(given)).toEqual({
      name: "expected a text, but it is missing",
      size: "expected a whole number from 1 to 100, got 0.5",
      open: 'expected true or false, got "yes"',
      kind: 'expected "small" or "large", got "big"',
      wait: 'expected milliseconds or a duration such as "30s", "5m" or "7d", at least 10ms, got "5 parsecs"',
      "tags[1]": "expected a text, got 7",
      "doors.Front": "expected small letters as its name",
      "doors.back": "expected a whole number from 1 to 9, got 10",
      "owner.age": 'expected a number from 0 to 150, got "old"',
      "owner.name": 'unknown option "name"; known are age',
    });
  });

  test("a near miss is told", () => {
    expect(mistakes({ nmae: "a", name: "a", kind: "smal" })).toEqual({
      nmae: 'unknown option "nmae", did you mean "name"?',
      kind: 'expected "small" or "large", got "smal"; did you mean "small"?',
    });
  });

  test.each([[null], [7], [["a"]], ["text"]])("%j is no object", (given) => {
    expect(mistakes(given)[""]).toMatch(/^expected an object, got/);
  });

  test.each([
    [null, "null"],
    [Number.NaN, "NaN"],
    [() => 1, "a function"],
    [{}, "an object"],
    [[1, 2], "a list of 2"],
  ])("what came is shown: %p", (size, shown) => {
    expect(mistakes({ name: "a", size })["size"]).toBe(`expected a whole number from 1 to 100, got ${shown}`);
  });

  test("rules between options come when each is right for itself, and may only warn", () => {
    const rule = (shop: Shop, report: o.Report) => {
      report.warning("kind", "is out of fashion");
      if (shop.wait > 5000) report.mistake("wait", "is too long for a small shop");
    };
    expect(o.readOptions(schema, { name: "a" }, "shop", rule).warnings).toHaveLength(1);
    expect(() => o.readOptions(schema, { name: "a", wait: "9s" }, "shop", rule)).toThrow(
      "shop: wait: is too long for a small shop",
    );
  });
});

describe("urls", () => {
  const url = o.url({ doc: "Address.", schemes: ["redis", "rediss"], example: "redis://host" });
  const read = (given: unknown) => o.readOptions(url, given, "url").value;

  test.each(["redis://h", "rediss://u:p@h:1/0?a=b", "REDIS://h"])("%s", (given) => expect(read(given)).toBe(given));

  test.each(["http://h", "h:6379", "redis://", "redis:///0", 6379])("%p is none", (given) => {
    expect(() => read(given)).toThrow(/expected a URL such as redis:\/\/host/);
  });

  test("a wrong one is quoted without its password", () => {
    expect(() => read("http://me:secret@h")).toThrow(/http:\/\/me:\*\*\*@h/);
    expect(() => read("http://me:secret@h")).not.toThrow(/secret/);
  });
});

describe("short forms", () => {
  const long = o.object({ mode: o.required(o.choice({ doc: "Mode.", of: ["a", "b"] })) }, { doc: "Long." });
  const field = o.shorthand(long, "a mode, or an object with mode", (mode) => ({ mode }));

  test("a text stands for the object", () => {
    expect(o.readOptions(field, "a", "x").value).toEqual({ mode: "a" });
    expect(o.readOptions(field, { mode: "b" }, "x").value).toEqual({ mode: "b" });
  });

  test("anything else is one mistake", () => {
    expect(() => o.readOptions(field, 7, "x")).toThrow("x: expected a mode, or an object with mode, got 7");
  });
});

describe("settings: what flags and variables can set", () => {
  test("are found below objects, with their variable", () => {
    expect(o.settingsOf(schema)).toMatchObject([
      { path: "wait", flag: "longest-wait", variable: "TANDEMQ_LONGEST_WAIT", keys: ["wait"] },
    ]);
  });

  test.each([
    [30_000, "30s"],
    [3_600_000, "1h"],
    [90_000, "90s"],
    [1500, "1500ms"],
    [0, "0ms"],
  ])("a duration of %d ms is shown as %s", (ms, shown) => {
    expect(o.duration({ doc: "", default: ms }).shownDefault).toBe(shown);
  });

  test.each([
    [o.integer({ doc: "", min: 0, max: 9 }), "7", 7],
    [o.integer({ doc: "", min: 0, max: 9 }), "seven", "seven"],
    [o.integer({ doc: "", min: 0, max: 9 }), " ", " "],
    [o.duration({ doc: "" }), "1500", 1500],
    [o.duration({ doc: "" }), "30s", "30s"],
    [o.flag({ doc: "" }), "yes", true],
    [o.flag({ doc: "" }), "0", false],
    [o.flag({ doc: "" }), "maybe", "maybe"],
    [o.list(o.text({ doc: "" }), { doc: "" }), "a, b", ["a", "b"]],
  ])("text becomes what it stands for (%#)", (field, text, value) => expect(field.fromText(text)).toEqual(value));
});
