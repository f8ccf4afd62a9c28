/** The few shapes of the chart. Its colours follow the reader's: light pages and dark ones. */
const style = `
.page { fill: #ffffff } .text { fill: #1f2933 } .quiet { fill: #5b6672 } .ours { fill: #2f7d5b } .theirs { fill: #98a2b0 } .line { stroke: #10161d }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } .text { fill: #e6edf3 } .quiet { fill: #9aa5b1 } .ours { fill: #3fa97a } .theirs { fill: #616b78 } .line { stroke: #f0f6fc }
}
`;

export function svg(width, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>TandemQ beside other queues</title>
<style>${style}</style>
<rect class="page" width="100%" height="100%" rx="6"/>
${parts.join("\n")}
</svg>
`;
}

export function panelTitle(x, y, text) {
  return `<text class="text" x="${x}" y="${y}" font-size="13" font-weight="600">${escaped(text)}</text>`;
}

export function label(x, y, text, { right = false, quiet = false } = {}) {
  const kind = quiet ? 'class="quiet" font-size="10"' : 'class="text"';
  return `<text ${kind} x="${short(x)}" y="${short(y)}"${right ? ' text-anchor="end"' : ""}>${escaped(text)}</text>`;
}

/** A bar as long as the median, and a line from the least to the greatest round. */
export function bar({ x, y, width, height, ours, spread: [least, greatest] }) {
  const middle = short(y + height / 2);
  return [
    `<rect class="${ours ? "ours" : "theirs"}" x="${short(x)}" y="${short(y)}" width="${short(Math.max(1, width))}" height="${height}" rx="2"/>`,
    `<line class="line" x1="${short(x + least)}" x2="${short(x + greatest)}" y1="${middle}" y2="${middle}"/>`,
  ].join("\n");
}

const short = (value) => Number(value.toFixed(1));

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
