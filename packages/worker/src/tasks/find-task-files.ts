import { glob } from "tinyglobby";

/**
 * The files that the globs name, absolute and sorted. Nothing below `node_modules` unless a pattern says the word.
 *
 * @param cwd folder that relative patterns start from
 */
export async function findTaskFiles(patterns: readonly string[], cwd: string): Promise<string[]> {
  const groups = await Promise.all(patterns.map((pattern) => filesOf(pattern, cwd)));
  return [...new Set(groups.flat())].sort();
}

function filesOf(pattern: string, cwd: string): Promise<string[]> {
  const ignore = pattern.includes("node_modules") ? [] : ["**/node_modules/**"];
  return glob([pattern], { cwd, ignore, absolute: true, onlyFiles: true, expandDirectories: false });
}
