import { stripVTControlCharacters, styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

interface Output {
  readonly isTTY?: boolean;
}

/** Whether colours and redrawing are for this output: a terminal that is none of the dumb ones, and nobody said no. */
export function isColourful(output: Output, env: NodeJS.ProcessEnv = process.env): boolean {
  return isTerminal(output, env) && !env["NO_COLOR"];
}

/** Whether lines can be redrawn on it. */
export function isTerminal(output: Output, env: NodeJS.ProcessEnv = process.env): boolean {
  return output.isTTY === true && env["TERM"] !== "dumb";
}

/** Colour, on a terminal only. */
export function paint(style: Style, text: string): string {
  return isColourful(process.stdout) ? styleText(style, text, { validateStream: false }) : text;
}

/** Control characters in data must not reach the terminal. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, " ");
}
