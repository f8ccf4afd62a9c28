export const marker: string;
export function clock(): number;
export function pidsOfRun(run: string): number[];
export function isAlive(pid: number): boolean;
export function send(pid: number, signal: NodeJS.Signals): void;
