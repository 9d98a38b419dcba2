/** An enhanced series as a new series in its source's study: an object an image, or one multi-frame object where the source was enhanced multi-frame. */
import { ScanloomError } from '#contract';
import { describeImage, isEnhanced, writeDerivedFrames, writeDerivedImage, type DerivedFrame, type DerivedIdentity, type DicomFile } from '#dicom';
import { frameOf } from '../scale.ts';
import { derivationText, enhancementWords, equipmentOf } from './dicom-words.ts';
import { instanceNumbersOf } from './instance-numbers.ts';
import { sourceFormatOf, stackLabelOf } from '../source-stack.ts';
import { itemUid } from './item-uids.ts';
import type { ExportSource } from '../types.ts';

/** One file of the series; `frame` null where it holds them all. */
export interface EnhancedFile {
  readonly frame: number | null;
  bytes(): Promise<Uint8Array>;
}

/** The files of an enhanced item, made one at a time. */
export async function enhancedFiles(source: ExportSource, scanloom: string): Promise<EnhancedFile[]> {
  const first = await sourceOf(source, 0);
  const header = describeImage(first);
  // A series has one frame of reference (PS3.3 C.7.4.1); some de-identified ones name another in each file of one stack.
  const frameOfReferenceUid = header.frameOfReferenceUid || undefined;
  if (isEnhanced(header.sopClassUid)) return [{ frame: null, bytes: () => multiFrame(source, scanloom, frameOfReferenceUid) }];
  return Array.from({ length: source.item.frames }, (_, frame) => ({ frame, bytes: () => singleFrame(source, frame, scanloom, frameOfReferenceUid) }));
}

async function sourceOf(source: ExportSource, frame: number): Promise<DicomFile> {
  const file = await source.sourceFile(frame);
  if (file === null) throw new ScanloomError('export/invalid', 'An enhanced image has lost its source file.', { hint: 'DICOM needs the source. Ingest the study again, or export as PNG or NIfTI.' });
  return file;
}

/** `SOP Instance UID:frame` names one of several frames, from 0; null where there is only one. */
function sourceFrameOf(source: ExportSource, frame: number): number | null {
  const number = source.sourceImageIds[frame]?.split(':')[1];
  return number === undefined ? null : Number(number);
}

function isFromNifti(source: ExportSource): boolean {
  return sourceFormatOf(source.ledgerEntry.body) === 'nifti';
}

function wordsFor(source: ExportSource, frame: number, scanloom: string, sourceDescription: string): DerivedIdentity {
  const { item } = source;
  const words = enhancementWords(source.settings);
  return {
    factor: words.factor,
    seriesInstanceUid: itemUid(item.itemId, 'series'),
    sopInstanceUid: itemUid(item.itemId, `image-${frame}`),
    // Far above what scanners count to, and another one for each item.
    seriesNumber: 9000 + item.ledgerIndex,
    instanceNumber: instanceNumbersOf(source.images)[frame]!,
    seriesDescription: describedAs(words.seriesPrefix, sourceDescription, stackLabelOf(source)),
    derivation: { description: derivationText(source, scanloom), codes: words.codes },
    contentDate: new Date(item.createdAt),
    equipment: equipmentOf(source, scanloom),
  };
}

/** Series Description: 64 characters (PS3.5 6.2), of which the stack's own name is the last to go. ASCII, as the source's character set may be. */
function describedAs(prefix: string, description: string, label: string): string {
  const stack = label === '' ? '' : ` [${label.replaceAll('×', 'x').replace(/[^\x20-\x7e]/g, '')}]`;
  return `${`${prefix} ${description}`.slice(0, Math.max(0, 64 - stack.length)).trim()}${stack}`.slice(0, 64);
}

async function singleFrame(source: ExportSource, frame: number, scanloom: string, frameOfReferenceUid: string | undefined): Promise<Uint8Array> {
  const image = source.images[frame]!;
  const file = await sourceOf(source, frame);
  const header = describeImage(file);
  const sourceFrame = sourceFrameOf(source, frame);
  return writeDerivedImage({
    ...wordsFor(source, frame, scanloom, header.seriesDescription),
    source: file,
    values: await frameOf(source, frame),
    rows: source.item.rows,
    columns: source.item.columns,
    geometry: { position: image.position ?? undefined, spacingMm: image.pixelSpacingMm ?? undefined },
    // A NIfTI file is no object that could be referred to; Derivation Description names it.
    sources: isFromNifti(source) ? [] : [{ sopClassUid: header.sopClassUid, sopInstanceUid: header.sopInstanceUid, ...(sourceFrame === null ? {} : { frameNumber: sourceFrame + 1 }) }],
    frameOfReferenceUid,
  });
}

async function multiFrame(source: ExportSource, scanloom: string, frameOfReferenceUid: string | undefined): Promise<Uint8Array> {
  // Each source object is read once, however many of its frames are used.
  const objects = new Map<string, DicomFile>();
  const frames: DerivedFrame[] = [];
  for (let frame = 0; frame < source.item.frames; frame += 1) {
    const uid = source.sourceImageIds[frame]?.split(':')[0] ?? '';
    if (!objects.has(uid)) objects.set(uid, await sourceOf(source, frame));
    const { position, pixelSpacingMm } = source.images[frame]!;
    if (position === null || pixelSpacingMm === null) throw new ScanloomError('export/invalid', 'A frame of an enhanced multi-frame image does not say where it is.', { hint: 'Export it as PNG or NIfTI.' });
    frames.push({ source: objects.get(uid)!, sourceFrame: sourceFrameOf(source, frame) ?? 0, values: () => frameOf(source, frame), position, spacingMm: pixelSpacingMm });
  }
  const { seriesDescription } = describeImage(frames[0]!.source);
  return writeDerivedFrames({ ...wordsFor(source, 0, scanloom, seriesDescription), instanceNumber: 1, frames, rows: source.item.rows, columns: source.item.columns, frameOfReferenceUid });
}
