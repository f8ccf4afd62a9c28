import { cut } from "../output/table.js";

/** How a terminal is written to. */
export interface Terminal {
  readonly columns: number;
  write(text: string): void;
}

const eraseBelow = "\x1b[J";

/**
 * Lines that scroll, above a few that are redrawn. The cursor rests above the redrawn lines, on a blank one: what other
 * processes print there, as tasks may, stands among the lines that scroll.
 */
export class Footer {
  readonly #terminal: Terminal;
  #lines: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** A line that stays. */
  print(line: string): void {
    this.#terminal.write(`${eraseBelow}${line}\n${this.#drawn()}`);
  }

  /** Replaces the redrawn lines; they must hold no control characters but colours, and fit when they are plain. */
  set(lines: readonly string[]): void {
    this.#lines = lines;
    this.#terminal.write(eraseBelow + this.#drawn());
  }

  /** Takes the redrawn lines away. */
  end(): void {
    this.#lines = [];
    this.#terminal.write(eraseBelow);
  }

  #drawn(): string {
    if (this.#lines.length === 0) return "";
    const width = Math.max(20, this.#terminal.columns);
    const lines = this.#lines.map((line) => (line.includes("\x1b[") ? line : cut(line, width)));
    return `\n${lines.join("\n")}\r\x1b[${lines.length}A`;
  }
}
