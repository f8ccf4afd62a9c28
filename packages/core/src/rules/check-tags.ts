import { InvalidOptionError } from "../errors/errors.js";

const most = { tags: 20, characters: 100 };

/**
 * @param name begins the sentence of the error: whose tags they are
 * @throws InvalidOptionError
 */
export function checkTags(tags: readonly string[], name: string): void {
  if (Array.isArray(tags) && tags.length <= most.tags && tags.every(isTag)) return;
  throw new InvalidOptionError(
    `${name}: tags: expected at most ${most.tags} texts of at most ${most.characters} characters`,
  );
}

function isTag(tag: unknown): boolean {
  return typeof tag === "string" && tag.length <= most.characters && tag.isWellFormed();
}
