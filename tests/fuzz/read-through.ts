/** Everything that the program does with a file that it is given, in the order in which it does it. */
import { rmSync, writeFileSync } from 'node:fs';
import { ScanloomError } from '#contract/errors';
import {
  assembleSeries, checkPixels, contentOf, decodeFrame, describeImage, describeObject, isPresentationState, isSegmentation, isStructureSet, parseDicom, parseHeader, readPresentationState, readSegmentation, readStructureSet,
  renderFrame, validateObject, writeDicom, type DicomFile,
} from '#dicom';
import { readArchive } from '../../electron/core/library/archives/read-archive.ts';

/** A refusal in words is what a damaged file should get; anything else is thrown on. */
function refusal(thrown: unknown): string {
  if (thrown instanceof ScanloomError && thrown.code !== 'internal') return thrown.code;
  // What the DICOM worker answers when an array cannot be had: not a fault of the program.
  if (thrown instanceof RangeError && /allocation failed|memory\.grow|Maximum memory size/i.test(thrown.message)) return 'dicom/too-large';
  throw thrown;
}

function wordsOf(what: () => unknown): void {
  try {
    what();
  } catch (thrown) {
    refusal(thrown);
  }
}

/** @returns how it ended: `read`, `no pixels`, or the code of the refusal. */
export async function readThrough(bytes: Uint8Array): Promise<string> {
  validateObject(bytes);
  wordsOf(() => parseHeader(bytes));
  try {
    const file = parseDicom(bytes);
    wordsOf(() => checkPixels(file));
    const header = describeImage(file);
    wordsOf(() => describeObject(file));
    assembleSeries([{ id: 'a', header, frame: 0 }]);
    lookAtObject(file);
    if (!header.hasPixels) return 'no pixels';
    renderFrame(await decodeFrame(file, 0), header, { dataset: file.dataset, frameIndex: 0, overlays: true });
    if (header.frames > 1) await decodeFrame(file, header.frames - 1);
    return 'read';
  } catch (thrown) {
    return refusal(thrown);
  }
}

function lookAtObject(file: DicomFile): void {
  const { dataset } = file;
  const sopClassUid = dataset.string('SOPClassUID');
  wordsOf(() => dataset.toUtf8());
  wordsOf(() => writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: file.transferSyntaxUid }));
  wordsOf(() => contentOf(file));
  if (isSegmentation(sopClassUid)) wordsOf(() => readSegmentation(dataset));
  if (isStructureSet(sopClassUid)) wordsOf(() => readStructureSet(dataset));
  if (isPresentationState(sopClassUid)) wordsOf(() => readPresentationState(dataset));
}

/** At most this many files of an archive are read: more of the same finds nothing more. */
const membersRead = 4;

/** @param place Where the archive may be written for the time of this call. */
export async function readArchiveThrough(bytes: Uint8Array, place: string): Promise<string> {
  writeFileSync(place, bytes);
  const ends: string[] = [];
  try {
    for await (const member of readArchive({ path: place, shown: 'archive', sizeBytes: bytes.length }, (_, error) => void ends.push(refusal(error)))) {
      ends.push(await readThrough(member.bytes));
      if (ends.length >= membersRead) break;
    }
  } finally {
    rmSync(place, { force: true });
  }
  return `archive, ${[...ends].sort()[0] ?? 'empty'}`;
}
