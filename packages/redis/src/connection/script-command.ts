import { Command } from "ioredis";
import type { LuaScript } from "../generated/lua.js";
import type { Argument } from "./connections.js";

/** What the last calls with a list of keys began with: most lists belong to one script, and are kept. */
const beginnings = new WeakMap<readonly string[], { readonly script: LuaScript; readonly text: string }>();

/** EVALSHA as the bytes that are sent: the client would copy, check and measure every key again for each call. */
export class ScriptCommand extends Command {
  readonly #bytes: string;

  constructor(script: LuaScript, keys: readonly string[], args: readonly Argument[]) {
    super("evalsha", [], { replyEncoding: "utf8" });
    this.#bytes = write(script, keys, args);
  }

  override toWritable(): string {
    return this.#bytes;
  }
}

function write(script: LuaScript, keys: readonly string[], args: readonly Argument[]): string {
  let bytes = `*${3 + keys.length + args.length}\r\n${beginningOf(script, keys)}`;
  for (const arg of args) bytes += writeText(typeof arg === "string" ? arg : String(arg));
  return bytes;
}

function beginningOf(script: LuaScript, keys: readonly string[]): string {
  const known = beginnings.get(keys);
  if (known?.script === script) return known.text;
  const text = ["evalsha", script.sha1, String(keys.length), ...keys].map(writeText).join("");
  beginnings.set(keys, { script, text });
  return text;
}

function writeText(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
