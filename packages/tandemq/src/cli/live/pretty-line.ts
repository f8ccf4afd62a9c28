import { redactText } from "@tandemq/core";
import { clean, paint, type Style } from "../output/style.js";

const levels: Readonly<Record<number, { readonly name: string; readonly style: Style }>> = {
  10: { name: "trace", style: "dim" },
  20: { name: "debug", style: "dim" },
  30: { name: "info", style: "cyan" },
  40: { name: "warn", style: "yellow" },
  50: { name: "error", style: "red" },
  60: { name: "fatal", style: "red" },
};

const usual = new Set(["level", "time", "pid", "hostname", "name", "msg"]);

/** A line of pino's JSON as people read it; what is no such line stays as it is. */
export function prettyLine(line: string): string {
  const entry = parse(line);
  if (!entry) return clean(line);
  const { name = "", style = "dim" } = levels[Number(entry["level"])] ?? {};
  const time = new Date(Number(entry["time"])).toTimeString().slice(0, 8);
  const rest = Object.entries(entry).filter(([key]) => !usual.has(key));
  const more = rest.map(([key, value]) => ` ${paint("dim", `${key}=`)}${clean(textOf(value))}`).join("");
  return `${paint("dim", time)} ${paint(style, name.padEnd(5))} ${clean(String(entry["msg"] ?? ""))}${more}`;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (typeof value === "string") return redactText(value);
  const error = typeof value === "object" && value !== null && "stack" in value ? value : undefined;
  if (error && "message" in error) return redactText(String(error.message));
  return redactText(JSON.stringify(value) ?? "");
}
