/** The frame of every report: one HTML file that needs nothing else, no script, no reference to anywhere. */

/** Rows of a table that a page still scrolls through; what is left out is said, and stands in the manifest. */
const maxRows = 2000;

const style = `
:root{color-scheme:light dark;--back:#f6f7f9;--panel:#fff;--line:#d5dae1;--text:#171b21;--muted:#59636f;--amber:#8a5200;--amber-back:#fff3df}
@media (prefers-color-scheme:dark){:root{--back:#0d0f12;--panel:#15181c;--line:#272c33;--text:#d9dee5;--muted:#8d97a3;--amber:#ffb74d;--amber-back:#2a2113}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--text);font:14px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 24px 64px}h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:36px 0 10px;border-bottom:1px solid var(--line);padding-bottom:4px}h3{font-size:14px;margin:18px 0 6px}
p{margin:4px 0 8px;max-width:80ch}.muted{color:var(--muted)}.warn{color:var(--amber);background:var(--amber-back);border:1px solid var(--amber);border-radius:6px;padding:8px 12px;font-weight:600;max-width:none}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:12px 0}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
.row{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:12px;margin:8px 0 16px;max-width:1120px}figure{margin:0}figure img{display:block;max-width:100%;height:auto}figcaption{font-size:12px;color:var(--muted);margin-top:3px}
.sheet{grid-template-columns:repeat(auto-fill,132px)}.scroll{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%;font-size:12px}th,td{text-align:left;padding:4px 10px;border-top:1px solid var(--line);vertical-align:top}thead th{border-top:0;color:var(--muted);font-weight:600;white-space:nowrap}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}code{font:11px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
@media print{h2{break-after:avoid}.row,tr{break-inside:avoid}}`;

/** A whole page. `title` is escaped here, `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body><main>
${body}</main></body>
</html>
`;
}

/** Escapes; everything that comes from elsewhere goes through it. */
export function text(value: string): string {
  return value.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `<section><h2>${text(title)}</h2>\n${parts.join('\n')}</section>`;
}

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Figures stand to the right, identifiers in fixed width. */
  readonly kind?: 'figure' | 'code';
}

export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const mark = (column: Column<Row>): string => (column.kind === 'figure' ? ' class="n"' : '');
  const cell = (column: Column<Row>, row: Row): string => (column.kind === 'code' ? `<code>${text(column.cell(row))}</code>` : text(column.cell(row)));
  const body = rows.slice(0, maxRows).map((row) => `<tr>${columns.map((column) => `<td${mark(column)}>${cell(column, row)}</td>`).join('')}</tr>`).join('\n');
  const more = rows.length > maxRows ? `<p class="muted">${rows.length - maxRows} more rows stand in the export's own files.</p>` : '';
  return `<div class="scroll"><table><thead><tr>${columns.map((column) => `<th${mark(column)}>${text(column.head)}</th>`).join('')}</tr></thead><tbody>\n${body}\n</tbody></table></div>${more}`;
}

