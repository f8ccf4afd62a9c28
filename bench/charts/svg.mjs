/** The few shapes of the chart. Colours that can be read on light and dark pages. */
const colours = {
  ours: "#2f7d5b",
  theirs: "#8a94a3",
  text: "#1f2933",
  quiet: "#5b6672",
  line: "#10161d",
  page: "#ffffff",
};

export function svg(width, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>TandemQ beside other queues</title>
<rect width="100%" height="100%" fill="${colours.page}"/>
${parts.join("\n")}
</svg>
`;
}

export function panelTitle(x, y, text) {
  return `<text x="${x}" y="${y}" font-size="13" font-weight="600" fill="${colours.text}">${escaped(text)}</text>`;
}

export function label(x, y, text, { right = false, quiet = false } = {}) {
  const style = `${right ? ' text-anchor="end"' : ""} fill="${quiet ? colours.quiet : colours.text}"${quiet ? ' font-size="10"' : ""}`;
  return `<text x="${short(x)}" y="${short(y)}"${style}>${escaped(text)}</text>`;
}

/** A bar as long as the median, and a line from the least to the greatest round. */
export function bar({ x, y, width, height, ours, spread: [least, greatest] }) {
  const middle = short(y + height / 2);
  return [
    `<rect x="${short(x)}" y="${short(y)}" width="${short(Math.max(1, width))}" height="${height}" rx="2" fill="${ours ? colours.ours : colours.theirs}"/>`,
    `<line x1="${short(x + least)}" x2="${short(x + greatest)}" y1="${middle}" y2="${middle}" stroke="${colours.line}"/>`,
  ].join("\n");
}

const short = (value) => Number(value.toFixed(1));

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
