import type { Client } from "../connection/connection.js";

/** What `INFO` tells; nothing where it is forbidden. */
export async function readInfo(client: Client): Promise<ReadonlyMap<string, string>> {
  const text = await unlessForbidden(() => client.info());
  const pairs = (text ?? "").split("\r\n").map((line) => line.split(":", 2));
  return new Map(pairs.filter((pair) => pair.length === 2).map(([name = "", value = ""]) => [name, value]));
}

/** One setting of the server's configuration; nothing where it is forbidden. */
export async function readSetting(client: Client, name: string): Promise<string | undefined> {
  const answer = await unlessForbidden(() => client.config("GET", name));
  return Array.isArray(answer) && typeof answer[1] === "string" ? answer[1] : undefined;
}

/** A managed server may forbid these commands to its users: then nothing is known. */
async function unlessForbidden<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && /NOPERM|unknown command/i.test(error.message)) return undefined;
    throw error;
  }
}
