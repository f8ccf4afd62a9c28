import type { NewJob } from "@tandemq/core";
import type { Argument } from "../connection/connections.js";
import { packName } from "../entry/pack-name.js";
import { writeHead } from "../entry/write-entry.js";

/** Fewer jobs gain nothing by standing together. */
const fewest = 4;
/** What a pack holds at most: it is read and written whole. */
const most = { jobs: 100, characters: 16_384 };

interface Pack {
  readonly first: string;
  /** The number that the next id has to end with. */
  next: number;
  readonly params: string[];
  characters: number;
}

/** What the script is told of jobs that can stand in line as packs: alike but for their params, their ids in a row. */
export function packArguments(jobs: readonly NewJob[]): Argument[] | undefined {
  const [first] = jobs;
  if (first === undefined || jobs.length < fewest) return undefined;
  const head = writeHead(first);
  const packs: Pack[] = [];
  for (const job of jobs) {
    if (!isPlain(job) || !(isAlike(job, first) || writeHead(job) === head)) return undefined;
    addToPacks(packs, job);
    if (packs.length * fewest > jobs.length) return undefined;
  }
  return [head, ...packs.flatMap(({ first, params }) => [packName(first, params.length), writeParams(params)])];
}

/** Due at once, at the end of the line, in its first life, and free of any key. */
export function isPlain({ due, priority, key, generation = 1 }: NewJob): boolean {
  return priority === 0 && key === undefined && generation === 1 && "after" in due && due.after <= 0;
}

/** Jobs of one call mostly have the same objects for what they do not say each for itself. */
function isAlike(a: NewJob, b: NewJob): boolean {
  return (
    a.path === b.path &&
    a.settings === b.settings &&
    a.tags === b.tags &&
    a.parent === b.parent &&
    a.meta === b.meta &&
    a.startBy === b.startBy &&
    a.seen === b.seen &&
    a.score === b.score
  );
}

function addToPacks(packs: Pack[], { id, params }: NewJob): void {
  const last = packs.at(-1);
  const number = Number.parseInt(id.slice(18), 16);
  if (last && follows(last, id, number) && hasRoom(last, params)) {
    last.params.push(params);
    last.characters += params.length;
    last.next = number + 1;
  } else {
    packs.push({ first: id, next: number + 1, params: [params], characters: params.length });
  }
}

function follows({ first, next }: Pack, id: string, number: number): boolean {
  return number === next && id.startsWith(first.slice(0, 18));
}

function hasRoom({ params, characters }: Pack, { length }: string): boolean {
  return params.length < most.jobs && characters + length <= most.characters;
}

/** The bytes of each, a comma after each; a line break; all of them. */
function writeParams(params: readonly string[]): string {
  const text = params.join("");
  const isAscii = Buffer.byteLength(text) === text.length;
  let lengths = "";
  for (const one of params) lengths += `${isAscii ? one.length : Buffer.byteLength(one)},`;
  return `${lengths}\n${text}`;
}
