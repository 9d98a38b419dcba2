/** The picture of the rooms: boxes on their floors, an arrow for every room that the code really uses, without those that follow from others. */
import type { ICruiseResult } from 'dependency-cruiser';
import { roomOf, rooms } from './rooms.ts';

const box = { width: 116, height: 34, gapX: 22, gapY: 52 } as const;
const margin = 24;

/** Pairs "user → used" of different rooms, as the code has them. */
export function roomEdges({ modules }: ICruiseResult): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>(rooms.map(({ name }) => [name, new Set<string>()]));
  for (const { source, dependencies } of modules) {
    const user = roomOf(source);
    if (user === undefined) continue;
    for (const { resolved } of dependencies) {
      const used = roomOf(resolved);
      if (used !== undefined && used !== user) edges.get(user.name)!.add(used.name);
    }
  }
  return edges;
}

/** Leaves out an arrow when a longer way leads to the same room. */
function reduced(edges: Map<string, Set<string>>): [string, string][] {
  const reach = (from: string, to: string, without: string, seen = new Set<string>()): boolean => {
    for (const next of edges.get(from) ?? []) {
      if (from === without && next === to) continue;
      if (next === to) return true;
      if (!seen.has(next)) {
        seen.add(next);
        if (reach(next, to, without, seen)) return true;
      }
    }
    return false;
  };
  // By name, not in the order in which files happen to name them: else a new import elsewhere would draw the same picture anew.
  return [...edges].flatMap(([from, targets]) => [...targets].sort().filter((to) => !reach(from, to, from)).map((to): [string, string] => [from, to]));
}

export function drawRooms(result: ICruiseResult): string {
  const edges = reduced(roomEdges(result));
  const top = Math.max(...rooms.map(({ at }) => at[1]));
  const width = (Math.max(...rooms.map(({ at }) => at[0])) + 1) * (box.width + box.gapX) - box.gapX + 2 * margin;
  const height = (top + 1) * (box.height + box.gapY) - box.gapY + 2 * margin + 22;
  const place = new Map(rooms.map(({ name, at: [column, floor] }) => [name, { x: Math.round(margin + column * (box.width + box.gapX)), y: margin + (top - floor) * (box.height + box.gapY) }]));
  const arrows = edges.map(([from, to]) => {
    const a = place.get(from)!;
    const b = place.get(to)!;
    const [x1, y1, x2, y2] = [a.x + box.width / 2, a.y + box.height, b.x + box.width / 2, b.y];
    const bend = Math.max(18, (y2 - y1) / 2);
    return `<path d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}"/>`;
  });
  const boxes = rooms.map(({ name }) => {
    const { x, y } = place.get(name)!;
    const kind = name.startsWith('screen-') || name.startsWith('page-c') || name.startsWith('page-u') ? 'page' : name === 'contract' ? 'contract' : name === 'engine' ? 'engine' : ['places', 'page-files', 'loopback', 'desktop', 'cli', 'main'].includes(name) ? 'host' : 'core';
    return `<g class="${kind}"><rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6"/><text x="${x + box.width / 2}" y="${y + box.height / 2 + 4}">${name.replace(/^screen-|^page-(?!files)/, '')}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<style>
svg{background:#fff}rect{fill:#eef2f7;stroke:#7b8794}text{text-anchor:middle;fill:#1b2128}path{fill:none;stroke:#9aa5b1;stroke-width:1.1;marker-end:url(#head)}
.page rect{fill:#e3f1ff;stroke:#4a90d9}.contract rect{fill:#fff3df;stroke:#c98a1b}.engine rect{fill:#f0e6ff;stroke:#8a63c9}.host rect{fill:#e6f6ec;stroke:#3f9d63}.legend{text-anchor:start;font-size:12px;fill:#52606d}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#9aa5b1;stroke:none;marker-end:none"/></marker></defs>
${arrows.join('\n')}
${boxes.join('\n')}
<text class="legend" x="${margin}" y="${height - 10}">Arrows go from who uses to who is used, as the code has it; what follows from other arrows is left out. Green: hosts. Grey: core. Violet: engine process. Blue: page. Amber: what crosses a process.</text>
</svg>
`;
}
