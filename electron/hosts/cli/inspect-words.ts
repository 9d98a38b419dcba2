/** What `inspect` says to people. Pure. */
import { table } from './output.ts';
import type { InspectedFile, InspectedSeries, InspectResult } from './shapes.ts';

/** Lines of one object that are shown; --json has them all. */
const shownLines = 200;

/**
 * A table of stacks under numbers, what is beside them, and remarks under the numbers of the rows they are about.
 *
 * @param patientOf Patient ID by study: shown where there are several patients.
 */
export function inspectionInWords({ files, series, summary }: InspectResult, patientOf: ReadonlyMap<string, string>): string {
  const hasPatients = new Set(patientOf.values()).size > 1;
  let row = 0;
  const rowsOf = series.map(({ stacks }) => stacks.map(() => (row += 1)));
  const stacks = series.flatMap((one, at) => one.stacks.map((stack, index) => [
    rowsOf[at]![index]!, ...(hasPatients ? [patientOf.get(one.studyInstanceUid) ?? ''] : []), one.seriesNumber ?? '', one.modality, stack.images, `${stack.rows}×${stack.columns}`,
    stack.spacingMm === null ? 'none' : stack.spacingMm.map((mm) => (mm === null ? '?' : mm.toFixed(3))).join(' × '),
    stack.volume ? 'volume' : 'slices', stack.timePoints, [...new Set([...one.oddities, ...stack.oddities])].join(','), `${one.description}${stack.label === undefined ? '' : ` [${stack.label}]`}`, placeOf(one),
  ]));
  const objects = files.flatMap(({ path: shown, object }) => (object === undefined ? [] : [[object.what, object.date, object.title, shown]]));
  const contents = files.flatMap(({ path: shown, content }) => (content === undefined || content.length === 0 ? [] : ['', `${shown}:`, ...content.slice(0, shownLines).map(lineInWords), ...(content.length > shownLines ? [`  … ${content.length - shownLines} more lines; --json has all.`] : [])]));
  const problems = files.filter((file) => file.status === 'refused').map((file) => `  ${file.path}: ${file.error?.message ?? ''}`);
  const hashes = files.filter((file) => file.storedValuesSha256 !== undefined).map((file) => `${file.storedValuesSha256}  ${file.path}`);
  return [
    ...hashes,
    ...(stacks.length === 0 ? [] : [table(stacks, ['row', ...(hasPatients ? ['patient'] : []), 'series', 'modality', 'images', 'size', 'spacing mm', 'kind', 'at each place', 'oddities', 'description', 'where'])]),
    ...(objects.length === 0 ? [] : ['', table(objects, ['beside plain images', 'date', 'title', 'file']), '']),
    ...contents,
    ...series.flatMap((one, at) => one.notices.map((notice) => `  ${rowsInWords(rowsOf[at]!)}: ${notice}`)),
    ...problems,
    `${summary.files} files: ${summary.ok} with pixels in ${summary.series} series, ${summary.noPixels} without pixels, ${summary.refused} refused.`,
  ].join('\n');
}

function lineInWords({ level, name, value }: NonNullable<InspectedFile['content']>[number]): string {
  return `${'  '.repeat(level + 1)}${[name, value].filter((part) => part !== '').join(': ')}`;
}

/** The folder of a series of several files; the first file where that is the folder that was named, and of one. */
function placeOf({ firstFile, files }: InspectedSeries): string {
  const folder = firstFile.slice(0, Math.max(0, firstFile.lastIndexOf('/')));
  return files === 1 ? firstFile : folder === '' ? `${firstFile} and ${files - 1} more` : `${folder}/`;
}

function rowsInWords(rows: readonly number[]): string {
  const [first] = rows;
  return rows.length < 2 ? `Row ${first ?? '?'}` : `Rows ${first} to ${rows.at(-1)}`;
}
