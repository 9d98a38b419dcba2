/** The report of a copy as a page for people: what was removed, replaced, kept and cleaned. No value of an original is in it. */
import type { DeidentificationReport, DeidentifiedObject } from '#contract';
import { page, section, table, text } from '../report/html.ts';

const outcomeWords: Readonly<Record<DeidentifiedObject['outcome'], string>> = { written: 'in the copy', refused: 'refused', 'held-back': 'held back', 'left-out': 'left out' };

const emptiedWords = { document: 'the page of the document; an empty one stands there', report: 'all that the report said', annotations: 'what was drawn and written over images' } as const;
/** Boxes of one image that are listed; all stand in deidentification.json. */
const mostBoxes = 40;

const dateWords: Readonly<Record<DeidentificationReport['longitudinalTemporalInformation'], string>> = {
  REMOVED: 'removed, or replaced by a dummy', MODIFIED: 'moved by whole days, one distance a patient; times of day kept', UNMODIFIED: 'kept as they were',
};

export function writeDeidentificationReport(report: DeidentificationReport): string {
  const { counts } = report;
  const facts: readonly (readonly [string, string])[] = [
    ['Made', `${report.createdAt} by Scanloom ${report.scanloom}`],
    ['Profile', `${report.edition} Annex E`],
    ['Method', report.codes.map(({ value, meaning }) => `${meaning} (${value}, DCM)`).join('; ')],
    ['Dates', dateWords[report.longitudinalTemporalInformation]],
    ['Key', `fingerprint ${report.keyFingerprint}: copies with the same one belong together`],
    ...(report.contents === null ? [] : [['Contents', `${report.contents.patients} patients, ${report.contents.studies} studies, ${report.contents.series} series, ${report.contents.images} images, ${report.contents.others} other objects`] as const]),
    ['Writing in pixels', report.burnedInAccepted ? 'a person said that images at risk were looked at' : 'images at risk were held back unless they were cleaned'],
    ['Faces', !report.options.includes('clean-recognizable-visual-features') && report.faces.length === 0 ? 'nothing was done about them' : report.facesAccepted ? 'a person said that the heads were looked at' : report.faces.some(({ seen }) => seen) ? 'taken off where it says so below, and looked at by a person where it says so' : 'taken off where it says so below; nobody has said that what is left was looked at'],
    ['Files', `${counts.files} read: ${counts.written} in the copy, ${counts.refused} refused, ${counts.heldBack} held back, ${counts.leftOut} left out`],
    ['Check it with', 'scanloom verify FOLDER'],
  ];
  const notIn = report.objects.filter((object) => object.outcome !== 'written');
  const toLookAt = report.objects.filter((object) => object.outcome === 'written' && object.reasons.length > 0);
  const black = report.objects.filter(({ blackened }) => blackened.length > 0);
  const emptied = report.objects.filter((object) => object.emptied !== null);
  const name = (row: { tag: string; keyword: string }): string => (row.tag === 'private' ? 'Private attributes' : row.keyword || 'not in the dictionary');
  const count = (key: 'removed' | 'replaced' | 'cleaned' | 'kept'): { head: string; cell: (row: DeidentificationReport['attributes'][number]) => string; kind: 'figure' } => ({ head: key, cell: (row) => String(row[key]), kind: 'figure' });
  const objects = (rows: readonly DeidentifiedObject[]): string =>
    table(rows, [
      { head: 'File', cell: (row) => String(row.number), kind: 'figure' },
      { head: 'What became of it', cell: (row) => outcomeWords[row.outcome] },
      { head: 'Why', cell: (row) => row.reasons.join(' ') },
      ...(rows.some((row) => row.path !== null) ? [{ head: 'In the copy', cell: (row: DeidentifiedObject) => row.path ?? '', kind: 'code' as const }] : []),
    ]);
  return page('De-identified copy', `<h1>De-identified copy</h1>
<p class="muted">${text(`${counts.written} DICOM objects without what identified their patients, as far as a program can know. Nobody can promise that what is left identifies nobody.`)}</p>
<p class="warn">Look at the images before you pass them on: faces can be drawn from thin slices of a head, and writing in pixels is found by likelihood.</p>
${report.summary.map((sentence) => `<p>${text(sentence)}</p>`).join('\n')}
<dl>${facts.map(([key, value]) => `<dt>${text(key)}</dt><dd>${text(value)}</dd>`).join('')}</dl>
${section('To know before it is passed on', report.warnings.length === 0 ? [] : [table(report.warnings, [{ head: 'What', cell: (row) => row.message }, { head: 'Series', cell: (row) => String(row.series), kind: 'figure' }, { head: 'Objects', cell: (row) => String(row.objects), kind: 'figure' }])])}
${section('Faces', report.faces.length === 0 ? [] : [table(report.faces, [{ head: 'What was done', cell: (row) => row.words }, { head: 'Images', cell: (row) => String(row.objects), kind: 'figure' }, { head: 'Looked at', cell: (row) => (row.seen ? 'by a person' : 'by nobody yet') }, { head: 'Series in the copy', cell: (row) => row.series ?? 'not in it', kind: 'code' }])])}
${section('Blacked out', black.length === 0 ? [] : [`<p class="muted">Rectangles of pixels, in every frame: column and row of the first, width × height.</p>${table(black, [{ head: 'File', cell: (row) => String(row.number), kind: 'figure' }, { head: 'Where', cell: (row) => row.blackened.slice(0, mostBoxes).map(({ column, row: top, width, height }) => `${column},${top} ${width} × ${height}`).join('; ') + (row.blackened.length > mostBoxes ? `; and ${row.blackened.length - mostBoxes} more` : '') }, { head: 'In the copy', cell: (row) => row.path ?? '', kind: 'code' }])}`])}
${section('Emptied', emptied.length === 0 ? [] : [table(emptied, [{ head: 'File', cell: (row) => String(row.number), kind: 'figure' }, { head: 'What is gone', cell: (row) => emptiedWords[row.emptied!] }, { head: 'In the copy', cell: (row) => row.path ?? '', kind: 'code' }])])}
${section('Not in the copy', notIn.length === 0 ? [] : [`<p class="muted">Files are counted from 1 in the order of their names, folders after the files beside them: names may identify, so none is given.</p>${objects(notIn)}`])}
${section('To be looked at', toLookAt.length === 0 ? [] : [objects(toLookAt)])}
${section('Attributes', [
    '<p class="muted">How often each was met, at every depth. What a removed sequence held is not counted by itself.</p>',
    table(report.attributes, [{ head: 'Tag', cell: (row) => (row.tag === 'private' ? '' : `(${row.tag.slice(0, 4)},${row.tag.slice(4)})`), kind: 'code' }, { head: 'Attribute', cell: name }, count('removed'), count('replaced'), count('cleaned'), count('kept')]),
  ])}
${section('Files', report.files.length === 0 ? [] : [table(report.files, [{ head: 'File', cell: (row) => row.path, kind: 'code' }, { head: 'Bytes', cell: (row) => String(row.sizeBytes), kind: 'figure' }, { head: 'SHA-256', cell: (row) => row.sha256, kind: 'code' }])])}
`);
}
