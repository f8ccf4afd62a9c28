import { schemaVersion, StoreRefusedError } from "@tandemq/core";
import type { CollectionInfo, Db, Document } from "mongodb";
import { createCollection } from "./create-collection.js";
import { validator, versionOf } from "./validator.js";

/** "moderate": a document that was malformed before can still be set aside. */
const level = { validationLevel: "moderate", validationAction: "error" } as const;

/** The collection exists and has our validator; one of a newer version is left alone. */
export async function ensureValidator(db: Db, name: string): Promise<void> {
  if (!(await infoOf(db, name))) await createCollection(db, name, { validator, ...level });
  const info = await infoOf(db, name);
  if (info?.type !== "collection") throw refusal(db, name, `it is a ${info?.type ?? "vanished collection"}`);
  const found: Document | undefined = info.options?.["validator"];
  if (isCurrent(found)) return;
  if (hasRules(found) && versionOf(found) === undefined) throw refusal(db, name, "it has a validator of its own");
  await db.command({ collMod: name, validator, ...level });
}

/** `foreign`: the collection has rules that are not ours, or is none. */
export type ValidatorState = "current" | "missing" | "older" | "newer" | "foreign";

/** How the validator of a collection stands to ours. */
export async function validatorState(db: Db, name: string): Promise<ValidatorState> {
  const info = await infoOf(db, name);
  if (!info) return "missing";
  const found: Document | undefined = info.options?.["validator"];
  if (isCurrent(found)) return (versionOf(found) ?? 0) > schemaVersion ? "newer" : "current";
  if (info.type !== "collection") return "foreign";
  if (!hasRules(found)) return "missing";
  return versionOf(found) === undefined ? "foreign" : "older";
}

async function infoOf(db: Db, name: string): Promise<CollectionInfo | undefined> {
  const [info] = await db.listCollections({ name }, { nameOnly: false }).toArray();
  return info as CollectionInfo | undefined;
}

function isCurrent(found: Document | undefined): boolean {
  const version = versionOf(found);
  if (version === undefined || version < schemaVersion) return false;
  return version > schemaVersion || JSON.stringify(found) === JSON.stringify(validator);
}

function hasRules(found: Document | undefined): boolean {
  return found !== undefined && Object.keys(found).length > 0;
}

function refusal({ databaseName }: Db, name: string, why: string): StoreRefusedError {
  return new StoreRefusedError(
    `collection "${databaseName}.${name}" cannot hold jobs: ${why}; choose another database or a collection prefix`,
  );
}
