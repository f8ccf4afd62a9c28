import { expect, test } from "@jest/globals";
import { type Listed, Roster, isListed } from "../src/roster.js";

interface Thing extends Listed {
  readonly name: string;
}

const names = (roster: Roster<Thing>) =>
  roster
    .all()
    .map(({ name }) => name)
    .sort();

test("whatever leaves, the others stay, each where it can be found", () => {
  const roster = new Roster<Thing>();
  const things = ["a", "b", "c", "d"].map((name): Thing => ({ name }));
  for (const thing of things) roster.add(thing);
  const [a, b, c, d] = things as [Thing, Thing, Thing, Thing];
  expect(roster.delete(b)).toBe(true);
  expect(roster.delete(b)).toBe(false);
  expect(names(roster)).toEqual(["a", "c", "d"]);
  expect([a, b, c, d].map((thing) => roster.has(thing))).toEqual([true, false, true, true]);
  for (const thing of [d, a, c]) expect(roster.delete(thing)).toBe(true);
  expect(roster.size).toBe(0);
  roster.add(b);
  expect(names(roster)).toEqual(["b"]);
  expect(roster.find(({ name }) => name === "b")).toBe(b);
  expect(isListed(b)).toBe(true);
});

test("things may leave while all are read", () => {
  const roster = new Roster<Thing>();
  for (const name of ["a", "b", "c"]) roster.add({ name });
  for (const thing of roster.all()) roster.delete(thing);
  expect(roster.size).toBe(0);
});
