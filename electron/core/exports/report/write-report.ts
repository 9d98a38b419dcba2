/** A report as one HTML file that needs nothing else: no script, no reference to anywhere, pictures inside. */
import type { Measure } from '#contract';
import { page, section, table, text, type Column } from './html.ts';
import type { EnhancedPart, PackagePart, Report, ReportPicture, SyntheticPart } from './report-model.ts';

/** The page as text. Everything that comes from elsewhere is escaped. */
export function writeReport(report: Report): string {
  return page(report.title, `<h1>${text(report.title)}</h1>
<p class="muted">${text(report.lead)}</p>
<p class="warn">For research only, not for diagnosis. A model made or changed every picture in an amber frame; it may show what is not there and hide what is.</p>
<dl>${report.facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>
${section('Enhanced series', report.enhanced.map(enhancedPart))}
${section('Synthetic images', report.synthetic.map(syntheticPart))}
${section('Decisions', decisionTables(report))}
${section('Model packages', report.packages.map(packagePart))}
${section('Ledger', report.ledger.length === 0 ? [] : [ledgerTable(report)])}
${section('Files', report.files.length === 0 ? [] : [fileTable(report)])}
`);
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
