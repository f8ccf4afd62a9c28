import type { CreateCollectionOptions, Db } from "mongodb";
import { codeOf, namespaceExists } from "../connection/errors.js";

/** Creates the collection unless somebody has created it. */
export async function createCollection(db: Db, name: string, options: CreateCollectionOptions = {}): Promise<void> {
  try {
    await db.createCollection(name, options);
  } catch (error) {
    if (codeOf(error) !== namespaceExists) throw error;
  }
}
