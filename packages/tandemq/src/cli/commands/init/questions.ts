import { createInterface, type Interface } from "node:readline";
import { InvalidOptionError } from "@tandemq/core";

/** Questions on a terminal, each asked until one of the answers is given; the first answer is the usual one. */
export class Questions implements Disposable {
  readonly #terminal: Interface = createInterface({ input: process.stdin, output: process.stderr });
  readonly #lines: AsyncIterator<string> = this.#terminal[Symbol.asyncIterator]();

  async ask<T extends string>(question: string, answers: readonly [T, ...T[]]): Promise<T> {
    for (;;) {
      this.#terminal.setPrompt(`${question}? ${answers.join(", ")} [${answers[0]}] `);
      this.#terminal.prompt();
      const { value, done } = await this.#lines.next();
      if (done === true) throw new InvalidOptionError("nothing was written: the questions were not answered");
      const given = value.trim();
      const answer = given === "" ? answers[0] : answers.find((one) => one === given);
      if (answer !== undefined) return answer;
    }
  }

  [Symbol.dispose](): void {
    this.#terminal.close();
  }
}
