import type { JobId } from "@tandemq/core";

/** Jobs of one call may stand in line as one: the id of the first and how many follow each other from it on. */
export function packName(first: JobId, count: number): string {
  return `${first}+${count}`;
}

/** The ids of the jobs that a member of the line stands for: one, but for a pack. */
export function idsOfMember(member: string): JobId[] {
  const parts = /^([0-9a-f]{18})([0-9a-f]{6})\+(\d{1,4})$/.exec(member);
  if (!parts) return [member];
  const [, prefix, number = "", count] = parts;
  const first = Number.parseInt(number, 16);
  return Array.from({ length: Number(count) }, (_, n) => prefix + (first + n).toString(16).padStart(6, "0"));
}

export function isPackName(member: string): boolean {
  return member[24] === "+";
}
