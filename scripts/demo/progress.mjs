const width = 30;

/** One bar per queue, redrawn in place on a terminal; elsewhere a line now and then. */
export class Progress {
  #drawn = 0;
  #lastLine = 0;

  update(rows) {
    if (process.stdout.isTTY) this.#redraw(rows);
    else if (Date.now() - this.#lastLine >= 2000) this.#line(rows);
  }

  end(rows) {
    if (process.stdout.isTTY) this.#redraw(rows);
    else this.#line(rows);
    this.#drawn = 0;
  }

  #redraw(rows) {
    if (this.#drawn > 0) process.stdout.write(`\x1b[${this.#drawn}A`);
    for (const row of rows) process.stdout.write(`\x1b[2K${bar(row)}\n`);
    this.#drawn = rows.length;
  }

  #line(rows) {
    this.#lastLine = Date.now();
    console.log(rows.map(({ queue, done, total }) => `${queue} ${done}/${total}`).join("   "));
  }
}

function bar({ queue, done, failed, total }) {
  const full = total === 0 ? width : Math.floor((width * done) / total);
  const failures = failed > 0 ? `  ${failed} failed` : "";
  return `${queue.padEnd(16)} ${"█".repeat(full)}${"░".repeat(width - full)} ${String(done).padStart(6)}/${total}${failures}`;
}
