import { modeOf } from "../plan.mjs";

/** Ways to change jobs, by their ids and by filters. */
export const deeds = { cancel, requeue, edit, move, remove, cancelMatching, editMatching, moveMatching, redrive };

const idsOf = (refs) => refs.map(({ id }) => id);

async function cancel(program) {
  const { plan, known, random, client } = program;
  const refs = known.some(random, 3);
  const options = { children: plan.is(0.5), running: plan.is(0.8) };
  if (refs.length === 0) return;
  await program.ask("cancel", { ids: idsOf(refs), options }, () => client.cancel(refs, options));
}

async function requeue(program) {
  const { known, random, client } = program;
  const refs = known.some(random, 3);
  if (refs.length > 0) await program.ask("requeue", { ids: idsOf(refs) }, () => client.requeue(refs));
}

function act(program, verb, filter, options = {}) {
  const facts = { ids: filter.ids ?? [], filter, options };
  return program.ask(verb, facts, () => program.client.action(verb, filter, options).result());
}

async function edit(program) {
  const { known, random, plan } = program;
  const [ref] = known.some(random, 1);
  const params = { n: -1, v: plan.number(), fates: ["ok"], ms: 2, group: "g2" };
  if (ref) await act(program, "edit", { queue: ref.queue, ids: [ref.id] }, { params });
}

async function remove(program) {
  const refs = program.known.some(program.random, 2);
  if (refs.length > 0) await act(program, "remove", { ids: idsOf(refs) });
}

async function move(program) {
  const { plan, known, random, setup } = program;
  const to = plan.queue();
  const refs = known.some(random, 3).filter(({ queue }) => !/\/(lifo|sorted|timed)$/.test(queue));
  if (refs.length === 0) return;
  const within = setup.crossing ? {} : { queue: `${modeOf(to)}/` };
  await act(program, "move", { ids: idsOf(refs), ...within }, { to });
}

async function moveMatching(program) {
  const { plan, random, setup } = program;
  const from = plan.queue();
  const to = plan.queue(setup.crossing ? undefined : modeOf(from));
  if (to !== from) await act(program, "move", { queue: from }, { to, max: random.between(1, 50) });
}

/** Jobs cannot be found by params that a codec has written. */
function filterOf({ plan, random, setup }) {
  const what =
    setup.codec || plan.is(0.5) ? { tags: [random.pick(["red", "green", "blue"])] } : { params: { group: "g1" } };
  return { queue: plan.queue(), ...what };
}

async function cancelMatching(program) {
  const running = program.plan.is(0.3) ? { status: ["started"] } : {};
  await act(program, "cancel", { ...filterOf(program), ...running });
}

async function editMatching(program) {
  const { plan, random } = program;
  const delay = plan.is(0.4) ? { delay: random.between(0, 300) } : {};
  await act(program, "edit", filterOf(program), { priority: random.between(-10, 10), ...delay });
}

async function redrive(program) {
  const { plan } = program;
  await act(program, "requeue", { queue: plan.queue(), ...(plan.is(0.3) ? { status: ["success", "cancel"] } : {}) });
}
