import { deedsOf, groupBy, isTimed, isUntouched, tell } from "./tell.mjs";

const isLasting = ({ comings }) => comings.some(({ options }) => options?.key?.for !== undefined);
const mayExpire = ({ comings }) => comings.some(({ options }) => options?.startBy !== undefined);

/** An enqueue that was answered with a job that waits is not swallowed: that job begins after it. */
export function swallowed({ all }) {
  const isSure = (life) => {
    const untilStart = life.comings.every(({ options }) => (options?.key?.until ?? "start") === "start");
    const isLeft = deedsOf(life, "cancel", "remove", "requeue").length === 0 && life.parent === undefined;
    return untilStart && isLeft && !isLasting(life) && !mayExpire(life) && !isTimed(life);
  };
  return all.filter(isSure).flatMap((life) => {
    const added = life.comings.filter(({ created, options }) => !created && options.key);
    const lost = added.filter(({ tried }) => !life.runs.some(({ start }) => start >= tried));
    return lost.map(({ n }) => tell(life, `swallowed ${n}`));
  });
}

/** No job is made with a key while another that has it is surely alive. */
export function single({ all }) {
  const isOwner = ({ created, options, op }) => created && options?.key?.until && op !== "transaction";
  const owners = all.flatMap((life) => life.comings.filter(isOwner).map((coming) => ({ life, ...coming })));
  return [...groupBy(owners, ({ options: { queue, key } }) => `${queue} ${key.value}`).values()].flatMap((list) =>
    list.flatMap(({ life, ok, options }) => {
      const until = (options.key.until === "finish" ? life.runs.at(-1) : life.runs[0])?.start ?? 0;
      const isSure = isUntouched(life) && !life.comings.some(({ outcome }) => outcome === "replaced");
      const second = isSure && list.find((other) => other.life !== life && other.tried > ok && other.ok < until);
      return second ? [tell(life, `has a key that ${second.life.id} got, too`)] : [];
    }),
  );
}

/** When all is over nobody has a key. */
export function freed({ lives, outcome }) {
  const isHeld = ({ created, id }) => !created && !(lives.has(id) && isLasting(lives.get(id)));
  return outcome.keys.filter(isHeld).map(({ queue, key, id }) => `${key} of ${queue} is still held by ${id}`);
}

/** In a timed queue a run begins after each enqueue, with the last params. */
export function visited({ all }) {
  const isSure = (life) =>
    isTimed(life) && deedsOf(life, "cancel", "remove", "edit", "requeue").length === 0 && life.parent === undefined;
  return all.filter(isSure).flatMap((life) => {
    const comings = life.comings.filter(({ op }) => op === "enqueue");
    const latest = comings.toSorted((a, b) => a.ok - b.ok).at(-1);
    const last = life.runs.at(-1);
    if (comings.length < life.comings.length || !latest) return [];
    const lost = comings.find(({ tried }) => !life.runs.some(({ start }) => start >= tried));
    if (lost) return [tell(life, `swallowed ${lost.n}`)];
    const isOld = last.start > latest.ok && last.n !== latest.n;
    const isSole = !comings.some(({ ok, n }) => n !== latest.n && ok >= latest.tried);
    return isOld && isSole ? [tell(life, `ran with the params of ${last.n}`)] : [];
  });
}

/** The last params that were acknowledged are those of the last run. */
export function params({ all }) {
  return all
    .filter((life) => !isTimed(life))
    .flatMap((life) => {
      const last = life.runs.at(-1);
      const changes = last ? changesOf(life).filter(({ from }) => from < last.start) : [];
      const latest = changes
        .filter(({ to }) => to < last.start)
        .sort((a, b) => a.to - b.to)
        .at(-1);
      const isSole = latest && !changes.some((change) => change !== latest && change.to >= latest.from);
      const isNew = isSole && (latest.v === undefined ? last.n === latest.n : last.v === latest.v);
      return isSole && !isNew && last.fate !== "hand"
        ? [tell(life, `ran with old params, not ${latest.v ?? latest.n}`)]
        : [];
    });
}

/** When somebody changed its params, and what to. */
function changesOf(life) {
  const edits = deedsOf(life, "edit").filter(({ options, answer }) => options.params && answer?.done !== 0);
  const replaced = life.comings.filter(({ outcome }) => outcome === "replaced");
  return [
    ...edits.map(({ asked, done, options }) => ({ from: asked, to: done, v: options.params.v })),
    ...replaced.map(({ tried, ok, n }) => ({ from: tried, to: ok, n })),
  ];
}
