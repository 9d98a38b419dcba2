/** The report of a copy in a few sentences, for people. */
import type { DeidentificationReport } from '#contract';

type Said = Omit<DeidentificationReport, 'summary' | 'files'>;

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}

export function copyInWords(report: Said): string[] {
  const { contents, counts, objects, faces, attributes } = report;
  const sum = (key: 'removed' | 'replaced' | 'cleaned' | 'kept'): number => attributes.reduce((total, row) => total + row[key], 0);
  const sentences: string[] = [];
  if (contents !== null) {
    const { patients, studies, series, images, others } = contents;
    sentences.push(`The copy holds ${list([counted(patients, 'patient'), counted(studies, 'study', 'studies'), counted(series, 'series', 'series'), counted(images, 'image'), ...(others === 0 ? [] : [counted(others, 'other object')])])}.`);
  }
  const missing = [...(counts.heldBack === 0 ? [] : [`${counts.heldBack} held back`]), ...(counts.refused === 0 ? [] : [`${counts.refused} refused`]), ...(counts.leftOut === 0 ? [] : [`${counts.leftOut} left out`])];
  sentences.push(`Of ${counted(counts.files, 'file')} that were read, ${counts.written} ${counts.written === 1 ? 'is' : 'are'} in the copy${missing.length === 0 ? '.' : `; ${list(missing)}.`}`);
  sentences.push(`At all depths ${counted(sum('removed'), 'attribute')} were removed, ${sum('replaced')} replaced and ${sum('cleaned')} cleaned; ${sum('kept')} are what they were.`);
  const black = objects.filter(({ blackened }) => blackened.length > 0);
  if (black.length > 0) sentences.push(`${counted(black.length, 'image')} had what looked like writing blacked out, in ${counted(black.reduce((total, { blackened }) => total + blackened.length, 0), 'place')} and in every frame; nothing of it can be had back from the copy.`);
  const cut = faces.filter(({ series }) => series !== null);
  if (cut.length > 0) {
    const unseen = cut.filter(({ seen }) => !seen).length;
    sentences.push(`${counted(cut.length, 'series', 'series')} of a head lost ${cut.length === 1 ? 'its' : 'their'} face.${unseen > 0 ? ` Nobody has looked at ${unseen === cut.length ? 'what is left' : `${unseen} of them`} yet, so the copy does not say of itself that nobody can be recognised.` : ''}`);
  }
  const emptied = (what: 'document' | 'report' | 'annotations'): number => objects.filter((object) => object.emptied === what).length;
  if (emptied('document') > 0) sentences.push(`${counted(emptied('document'), 'document')} (PDF) came out with an empty page: what a document says cannot be cleaned.`);
  if (emptied('report') > 0) sentences.push(`${counted(emptied('report'), 'structured report')} came out without findings.`);
  if (emptied('annotations') > 0) sentences.push(`${counted(emptied('annotations'), 'presentation state')} came out without what was drawn and written.`);
  return sentences;
}

/** @param unsearched Images of the copy whose pixels nobody searched, neither this program nor a person. */
export function pixelsInWords(unsearched: number): string[] {
  return unsearched === 0 ? [] : [`Pixels were not searched for writing: ${counted(unsearched, 'image')} ${unsearched === 1 ? 'is' : 'are'} in the copy by what ${unsearched === 1 ? 'its header tells' : 'their headers tell'} alone. Clean Pixel Data (clean-pixel-data) searches them.`];
}
