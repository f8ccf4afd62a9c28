import { ConfigError, type Mistake } from "../errors/errors.js";

/** Collects what is wrong, or only doubtful, while options are read, so that everything is told at once. */
export class Report {
  readonly mistakes: Mistake[] = [];
  readonly warnings: Mistake[] = [];

  mistake(path: string, message: string): void {
    this.mistakes.push({ path, message });
  }

  warning(path: string, message: string): void {
    this.warnings.push({ path, message });
  }

  /** @throws ConfigError with all mistakes, if there are any */
  refuse(source: string): void {
    if (this.mistakes.length > 0) throw new ConfigError(source, this.mistakes);
  }
}
