import { StoreRefusedError } from "@tandemq/core";
import type { Collection, Document, IndexDescription } from "mongodb";
import { codeOf, duplicateKey, indexNotFound } from "../connection/errors.js";

type NamedIndex = IndexDescription & { readonly name: string };

const optionsConflict = 85;
const specsConflict = 86;
const abortedBuild = 276;
const tries = 5;

/** All these indexes exist as described; one of the same name that differs is of an older version and made anew. */
export async function ensureIndexes<T extends Document>(
  collection: Collection<T>,
  indexes: readonly NamedIndex[],
): Promise<void> {
  for (let left = tries; left > 0; left--) {
    const missing = await missingIndexes(collection, indexes);
    if (missing.length === 0) return;
    await dropOutdated(collection, missing);
    await create(collection, missing);
  }
}

/** Those of the indexes that do not exist, or exist otherwise. */
export async function missingIndexes<T extends Document>(
  collection: Collection<T>,
  indexes: readonly NamedIndex[],
): Promise<NamedIndex[]> {
  const found = new Map((await existing(collection)).map((index) => [index["name"] as string, index]));
  return indexes.filter((index) => !isSame(found.get(index.name), index));
}

async function dropOutdated<T extends Document>(
  collection: Collection<T>,
  wanted: readonly NamedIndex[],
): Promise<void> {
  const found = new Set((await existing(collection)).map((index) => index["name"] as string));
  for (const { name } of wanted) if (found.has(name)) await drop(collection, name);
}

async function existing<T extends Document>(collection: Collection<T>): Promise<Document[]> {
  try {
    return await collection.listIndexes().toArray();
  } catch (error) {
    if (codeOf(error) === 26) return [];
    throw error;
  }
}

async function drop<T extends Document>(collection: Collection<T>, name: string): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    if (codeOf(error) !== indexNotFound) throw error;
  }
}

async function create<T extends Document>(collection: Collection<T>, indexes: NamedIndex[]): Promise<void> {
  try {
    await collection.createIndexes(indexes);
  } catch (error) {
    const code = codeOf(error);
    // Somebody else changes the same index at this moment: look again.
    if (code === specsConflict || code === abortedBuild) return;
    if (code === optionsConflict || code === duplicateKey) throw refusal(collection, error);
    throw error;
  }
}

function isSame(found: Document | undefined, { key, unique, expireAfterSeconds, partialFilterExpression }: NamedIndex) {
  if (!found) return false;
  const known = [found["key"], found["unique"] ?? false, found["expireAfterSeconds"], found["partialFilterExpression"]];
  return JSON.stringify(known) === JSON.stringify([key, unique ?? false, expireAfterSeconds, partialFilterExpression]);
}

function refusal<T extends Document>(collection: Collection<T>, error: unknown): StoreRefusedError {
  return new StoreRefusedError(
    `an index of "${collection.namespace}" cannot be made: ${(error as Error).message}; drop the index or the documents in its way, or choose a collection prefix`,
    { cause: error },
  );
}
