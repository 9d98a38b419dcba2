/** What an object says, as indented lines for people. Bounded in number, depth and length. */
import type { DicomFile } from '../types.ts';
import { kindOfObject } from './kinds.ts';
import { reportLines } from './report.ts';
import { LineWriter, type Content } from './lines.ts';
import { otherLines } from './other-content.ts';

/** Never throws for what is odd within the object: lines that cannot be made are left out. */
export function contentOf(file: DicomFile): Content {
  const { dataset } = file;
  const lines = new LineWriter();
  const kind = kindOfObject(dataset.string('SOPClassUID') || file.meta.string('MediaStorageSOPClassUID'), false)?.kind ?? 'other';
  if (dataset.has('ContentSequence')) reportLines(dataset, lines);
  else otherLines(kind, dataset, lines);
  return lines.result();
}
