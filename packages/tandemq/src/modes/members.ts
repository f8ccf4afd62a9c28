import {
  type Claim,
  type ClaimAnswer,
  encodeParams,
  isTaskPath,
  MalformedJobError,
  type MemberFactory,
  memberPath,
  settlementOf,
  type Settlement,
  toJobError,
} from "@tandemq/core";

/** The factory of each queue that has one. */
export type FactoryOf = (queue: string) => MemberFactory | undefined;

/**
 * Makes jobs of the members among the claims. One that cannot be turned is ended as failed and set aside; the others go
 * on. Costs nothing where there is no member.
 */
export async function turnMembers(
  answer: ClaimAnswer,
  factoryOf: FactoryOf,
  end: (settlements: readonly Settlement[]) => Promise<unknown>,
): Promise<ClaimAnswer> {
  if (!answer.claims.some(({ path }) => path === memberPath)) return answer;
  const turned = answer.claims.map((claim) => turn(claim, factoryOf));
  const claims = turned.filter((one): one is Claim => !(one instanceof Error));
  const unfit = answer.claims.flatMap((claim, i) =>
    turned[i] instanceof Error ? [{ claim, error: turned[i] as Error }] : [],
  );
  // An end that is not taken now is tried again when the lease is over.
  if (unfit.length > 0) await end(unfit.map(failure)).catch(() => undefined);
  const aside = unfit.map(({ claim: { id, queue }, error }) => ({ id, queue, reason: error.message }));
  return { ...answer, claims, setAside: [...answer.setAside, ...aside] };
}

function turn(claim: Claim, factoryOf: FactoryOf): Claim | Error {
  if (claim.path !== memberPath) return claim;
  try {
    const { member } = JSON.parse(claim.params) as { member: string };
    const factory = factoryOf(claim.queue);
    if (!factory) throw new Error(`queue "${claim.queue}" has no factory in this worker's configuration`);
    return { ...claim, ...jobOf(factory, member) };
  } catch (error) {
    return new MalformedJobError(
      `its member cannot be turned into a job: ${(error as Error)?.message ?? String(error)}`,
    );
  }
}

function jobOf(factory: MemberFactory, member: string): Pick<Claim, "path" | "params"> {
  const { path, params } = factory(member);
  if (typeof path !== "string" || !isTaskPath(path))
    throw new Error(`the factory names ${String(path)} as its task path`);
  return { path, params: encodeParams(params) };
}

function failure({ claim, error }: { claim: Claim; error: Error }): Settlement {
  return settlementOf(claim, { status: "failed", error: toJobError(error), again: false });
}
