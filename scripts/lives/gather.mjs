/**
 * What is known of each job by its id: how it came (`comings`), its runs in order, what was done to it (`deeds`), and the
 * sub-jobs it made.
 */
export function gather(records, faults) {
  const gathering = { lives: new Map(), tries: new Map(), deeds: new Map() };
  for (const record of records) readers[record.verb]?.(gathering, record);
  for (const deed of gathering.deeds.values()) handOut(gathering, deed);
  for (const { runs } of gathering.lives.values()) for (const run of runs) run.fault = faultOf(run, faults);
  return gathering;
}

const readers = {
  TRY: ({ tries }, record) => void tries.set(nameOf(record), record),
  OK: readOk,
  ROLLED({ tries }, { n }) {
    tries.get(String(n)).isRolledBack = true;
  },
  START: (gathering, record) => void lifeOf(gathering, record.id).runs.push({ ...record, start: record.at }),
  END: readEnd,
  ASK: ({ deeds }, { at, ...record }) => void deeds.set(record.call, { ...record, asked: at, done: Infinity }),
  DONE: ({ deeds }, { call, at, answer }) => void Object.assign(deeds.get(call), { done: at, answer }),
};

function lifeOf({ lives }, id) {
  const known = lives.get(id) ?? { id, comings: [], runs: [], deeds: [], children: [] };
  lives.set(id, known);
  return known;
}

/** One try: of a sub-job, by its parent and its place there. */
const nameOf = ({ op, n, parent, i }) => (op === "child" ? `${parent} ${i}` : String(n));

function readOk(gathering, record) {
  const { id, at, created, outcome, parent, i } = record;
  const { at: tried, ...asked } = gathering.tries.get(nameOf(record));
  const life = lifeOf(gathering, id);
  life.comings.push({ ...asked, tried, ok: at, created, outcome });
  if (parent === undefined) return;
  life.parent = parent;
  lifeOf(gathering, parent).children.push({ id, i, at });
}

function readEnd(gathering, { id, pid, at, how }) {
  const run = lifeOf(gathering, id).runs.findLast((one) => one.pid === pid && one.end === undefined);
  if (run) Object.assign(run, { end: at, how });
}

/** Without ids it concerned whatever its filter found. */
function handOut(gathering, deed) {
  const isWide = deed.ids.length === 0;
  const lives = isWide ? [...gathering.lives.values()] : deed.ids.map((id) => lifeOf(gathering, id));
  lives.forEach((life, i) => life.deeds.push({ ...deed, own: deed.answer?.[i], isWide }));
}

function faultOf(run, faults) {
  return faults.find(({ pids, until }) => pids?.includes(run.pid) && run.start <= until);
}
