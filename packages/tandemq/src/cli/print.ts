import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colour, on a terminal only. */
export function paint(style: Style, text: string): string {
  return process.stdout.isTTY && !process.env["NO_COLOR"] ? styleText(style, text) : text;
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** A table whose last column gives way where the terminal is too narrow. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => lengthOf(row[i]))));
  const line = (cells: readonly string[]) =>
    fit(cells.map((cell, i) => cell + " ".repeat(Math.max(0, (widths[i] ?? 0) - lengthOf(cell)))).join("  "));
  console.log(paint("bold", line(head)));
  for (const row of rows) console.log(line(row));
}

/** Control characters in data must not reach the terminal. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, " ");
}

function lengthOf(cell: string | undefined): number {
  return stripVTControlCharacters(cell ?? "").length;
}

function fit(line: string): string {
  const text = line.trimEnd();
  const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  return lengthOf(text) <= columns ? text : `${stripVTControlCharacters(text).slice(0, columns - 1)}…`;
}

/** How long ago, in one unit. */
export function age(since: Date | undefined, now: number = Date.now()): string {
  if (!since) return "-";
  const seconds = Math.max(0, Math.round((now - since.getTime()) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86_400)}d`;
}
