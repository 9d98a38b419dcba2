/** A report as one HTML file that needs nothing else: no script, no reference to anywhere, pictures inside. */
import type { Measure } from '#contract';
import type { EnhancedPart, PackagePart, Report, ReportPicture, SyntheticPart } from './report-model.ts';

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

/** The page as text. Everything that comes from elsewhere is escaped. */
export function writeReport(report: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(report.title)}</title>
<style>${style}</style>
</head>
<body><main>
<h1>${text(report.title)}</h1>
<p class="muted">${text(report.lead)}</p>
<p class="warn">For research only, not for diagnosis. A model made or changed every picture in an amber frame; it may show what is not there and hide what is.</p>
<dl>${report.facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>
${section('Enhanced series', report.enhanced.map(enhancedPart))}
${section('Synthetic images', report.synthetic.map(syntheticPart))}
${section('Decisions', decisionTables(report))}
${section('Model packages', report.packages.map(packagePart))}
${section('Ledger', report.ledger.length === 0 ? [] : [ledgerTable(report)])}
${section('Files', report.files.length === 0 ? [] : [fileTable(report)])}
</main></body>
</html>
`;
}

function text(value: string): string {
  return value.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `<section><h2>${text(title)}</h2>\n${parts.join('\n')}</section>`;
}

interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Figures stand to the right, identifiers in fixed width. */
  readonly kind?: 'figure' | 'code';
}

function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const mark = (column: Column<Row>): string => (column.kind === 'figure' ? ' class="n"' : '');
  const cell = (column: Column<Row>, row: Row): string => (column.kind === 'code' ? `<code>${text(column.cell(row))}</code>` : text(column.cell(row)));
  const body = rows.slice(0, maxRows).map((row) => `<tr>${columns.map((column) => `<td${mark(column)}>${cell(column, row)}</td>`).join('')}</tr>`).join('\n');
  const more = rows.length > maxRows ? `<p class="muted">${rows.length - maxRows} more rows stand in the export's own files.</p>` : '';
  return `<div class="scroll"><table><thead><tr>${columns.map((column) => `<th${mark(column)}>${text(column.head)}</th>`).join('')}</tr></thead><tbody>\n${body}\n</tbody></table></div>${more}`;
}

function figure({ uri, width, caption }: ReportPicture): string {
  return `<figure><img src="${text(uri)}" width="${width}" alt="${text(caption)}"><figcaption>${text(caption)}</figcaption></figure>`;
}

function enhancedPart(part: EnhancedPart): string {
  return `<h3>${text(part.title)}</h3><p class="muted">${text(part.facts)}</p>${part.rows.map((row) => `<div class="row">${row.map(figure).join('')}</div>`).join('')}${part.measures.length === 0 ? '' : measureTable(part.measures)}`;
}

/** What people read for the names that programs use. */
const measureWords: Readonly<Record<string, string>> = {
  'consistency-rmse': 'Consistency with the source, RMS',
  'consistency-max': 'Consistency with the source, largest',
  'difference-mean': 'Change, mean',
  'difference-mean-absolute': 'Change, mean size',
  'difference-max': 'Change, largest',
  'sharpness-ratio': 'Sharpness beside interpolation',
};

function measureTable(measures: readonly Measure[]): string {
  return table(measures, [
    { head: 'Figure', cell: (measure) => measureWords[measure.name] ?? measure.name },
    { head: 'Value', cell: (measure) => `${number(measure.value)}${measure.unit === '' ? '' : ` ${measure.unit}`}`, kind: 'figure' },
    { head: 'How', cell: (measure) => measure.method },
  ]);
}

function syntheticPart(part: SyntheticPart): string {
  return `<h3>${text(part.class)}</h3><p class="muted">${text(part.facts)}</p><div class="row sheet">${part.pictures.map(figure).join('')}</div>`;
}

function decisionTables({ decisions }: Report): string[] {
  if (decisions.byClass.length === 0) return [];
  const count = (name: 'accepted' | 'rejected' | 'unsure' | 'undecided'): Column<Report['decisions']['byClass'][number]> => ({ head: name, cell: (row) => String(row[name]), kind: 'figure' });
  const byClass = table(decisions.byClass, [{ head: 'What', cell: (row) => row.class }, count('accepted'), count('rejected'), count('unsure'), count('undecided')]);
  const readers = decisions.byReader.map(({ reader, decisions: made }) => `${reader} (${made})`).join(', ');
  return [byClass, `<p class="muted">${text(readers === '' ? 'Nobody has decided anything here.' : `Decided by: ${readers}.`)}</p>`];
}

function packagePart(part: PackagePart): string {
  const figures = table(part.figures, [
    { head: 'Figure', cell: (row) => `${row.name}${row.modality === undefined ? '' : ` (${row.modality})`}` },
    { head: 'Value', cell: (row) => (row.value === null ? 'not measured' : number(row.value)), kind: 'figure' },
    { head: 'Interval', cell: (row) => (row.interval === null ? '' : `${number(row.interval[0])} … ${number(row.interval[1])}`), kind: 'figure' },
    { head: 'Data', cell: (row) => `${row.data}, ${row.split}` },
    { head: 'How', cell: (row) => row.method },
  ]);
  return `<h3>${text(`${part.title} (${part.id} ${part.version})`)}</h3><p>${text(part.summary)}</p><p class="muted">Manifest SHA-256 <code>${text(part.sha256)}</code></p>${part.figures.length === 0 ? '<p class="muted">The package states no figures.</p>' : figures}`;
}

function ledgerTable({ ledger }: Report): string {
  return table(ledger, [
    { head: 'Entry', cell: (row) => String(row.index), kind: 'figure' },
    { head: 'When (UTC)', cell: (row) => row.at },
    { head: 'What', cell: (row) => row.what },
    { head: 'About', cell: (row) => row.about },
    { head: 'Hash', cell: (row) => row.hash, kind: 'code' },
  ]);
}

function fileTable({ files }: Report): string {
  return table(files, [
    { head: 'File', cell: (file) => file.path, kind: 'code' },
    { head: 'Bytes', cell: (file) => String(file.sizeBytes), kind: 'figure' },
    { head: 'SHA-256', cell: (file) => file.sha256, kind: 'code' },
  ]);
}

/** Four digits that count, without an exponent where people would not expect one. */
function number(value: number): string {
  if (value === 0 || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
}
