import { CodecError } from "../errors/errors.js";
import type { Json } from "../model/json.js";

/**
 * How params and results are written at rest: encrypted, compressed, or both. Texts in, texts out.
 *
 * Every program of a deployment needs the same codec: what one has encoded, only it reads.
 */
export interface Codec {
  /** Kept with what it encoded, so that another one is told. */
  readonly name: string;
  encode(text: string): string | Promise<string>;
  /** Gives back what `encode` got; throws when that cannot be. */
  decode(text: string): string | Promise<string>;
}

const mark = "__codec";

/** How encoded params begin. */
const beginning = `{"${mark}":`;

/**
 * JSON text as it is kept: an object with the codec's name and what the codec made of it. What was sealed before, as
 * that of a job which waited for a transaction, is sealed.
 */
export async function seal(codec: Codec, text: string): Promise<string> {
  if (text.startsWith(beginning)) return text;
  const data = await guarded(codec, "encode", text);
  return JSON.stringify({ [mark]: codec.name, data });
}

/**
 * What was sealed; a text that was not is given back as it is: it is from before the codec.
 *
 * @throws CodecError when it was sealed by another codec, or cannot be decoded
 */
export async function unseal(codec: Codec, text: string): Promise<string> {
  return text.startsWith(beginning) ? unsealValue(codec, JSON.parse(text) as Json).then(JSON.stringify) : text;
}

/** As {@link unseal}, for a value as stores give it. */
export async function unsealValue(codec: Codec, value: Json): Promise<Json> {
  const name = codecOf(value);
  if (name === undefined) return value;
  if (name !== codec.name) throw new CodecError(`encoded by codec "${name}", and this program has "${codec.name}"`);
  const text = await guarded(codec, "decode", (value as { data: string }).data);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new CodecError(`codec "${codec.name}" decoded it to what is no JSON`);
  }
}

/** The name of the codec that sealed this text; `undefined` when none did. */
export function sealedBy(text: string): string | undefined {
  return text.startsWith(beginning) ? codecOf(JSON.parse(text)) : undefined;
}

/** The name of the codec that made this value; `undefined` when none did. */
export function codecOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { [mark]: name, data } = value as Readonly<Record<string, unknown>>;
  return typeof name === "string" && typeof data === "string" ? name : undefined;
}

async function guarded(codec: Codec, verb: "encode" | "decode", text: string): Promise<string> {
  try {
    return await codec[verb](text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CodecError(`codec "${codec.name}" could not ${verb} it: ${why}`, { cause: error });
  }
}
