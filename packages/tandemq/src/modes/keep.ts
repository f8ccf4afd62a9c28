import { defaults } from "@tandemq/core";

/** Milliseconds that an unsuccessful job is kept where nobody said otherwise. */
export const keepFailures: number = defaults.keepFailures;
