/** The options of a schema as a Markdown table: one source for checks, help and pages. */
export function optionsTable(schema) {
  const head = ["option", "meaning", "value", "default", "flag", "variable"];
  const lines = [head, head.map(() => "---"), ...rowsOf(schema, "")].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n");
}

function rowsOf(field, path) {
  const below = groupsOf(field.fields ?? {}).flatMap(({ keys: [key, ...others], one }) => {
    const rows = rowsOf(one, path ? `${path}.${key}` : key);
    return others.length === 0 ? rows : rows.map((row) => likewise(row, others));
  });
  const items = field.item ? rowsOf(field.item, `${path}.<name>`) : [];
  const own = path === "" || (field.fields && !field.flag) ? [] : [rowOf(field, path)];
  return [...own, ...below, ...items];
}

/** Options that are alike but for their name stand in one row. */
function groupsOf(fields) {
  const groups = new Map();
  for (const [key, one] of Object.entries(fields)) {
    const shape = one.fields && !one.flag ? JSON.stringify(rowsOf(one, "x")) : key;
    const group = groups.get(shape) ?? { keys: [], one };
    groups.set(shape, group);
    group.keys.push(key);
  }
  return [...groups.values()];
}

function likewise([option, meaning, ...rest], others) {
  return [option, `${meaning} Likewise for ${others.map((key) => `\`${key}\``).join(", ")}.`, ...rest];
}

function rowOf({ doc, expected, shownDefault, flag }, path) {
  const variable = flag && `\`TANDEMQ_${flag.toUpperCase().replaceAll("-", "_")}\``;
  const cells = [`\`${path}\``, doc, expected, shownDefault ?? "", flag ? `\`--${flag}\`` : "", variable ?? ""];
  return cells.map((cell) =>
    cell
      .replaceAll("|", "\\|")
      .replaceAll("<", "&lt;")
      .replace(/^`(.*)&lt;(.*)`$/, "`$1<$2`"),
  );
}
