/** What a defacing takes off, file by file, as runs of pixels: small enough to be kept for a whole study, and laid on each file when its turn comes. */
import { ScanloomError } from '#contract/errors';
import { describeImage, type DicomFile, type ImageHeader, type Stack } from '#dicom';
import { withFrames } from '../pixels/native-frames.ts';
import type { DefaceOutcome } from './types.ts';

export interface FaceCut {
  readonly rows: number;
  readonly columns: number;
  readonly frames: readonly {
    /** From 0. */
    readonly frame: number;
    /** Stored value of air. */
    readonly air: number;
    /** First pixel and how many, one pair after the other, row-major. */
    readonly runs: Uint32Array;
  }[];
}

/** Slope and intercept that lead from a frame's stored values to the volume's. */
export function rescaleOf(header: ImageHeader, frame: number): { slope: number; intercept: number } {
  const rescale = header.framesGeometry?.[frame]?.rescale ?? header.rescale;
  return rescale === null || rescale.slope === 0 ? { slope: 1, intercept: 0 } : rescale;
}

/**
 * @param headers Of the files that `stack` was made of; its images' ids are their places in this list.
 * @returns One entry a file, null where nothing of it changes.
 */
export function cutsOfFiles(headers: readonly ImageHeader[], stack: Stack, outcome: Extract<DefaceOutcome, { kind: 'defaced' }>): (FaceCut | null)[] {
  const pixels = stack.rows * stack.columns;
  const frames = headers.map((): FaceCut['frames'][number][] => []);
  for (const [slice, { id, frame }] of stack.images.entries()) {
    const runs = runsIn(outcome.changed.subarray(slice * pixels, (slice + 1) * pixels));
    if (runs.length === 0) continue;
    const header = headers[Number(id)]!;
    const { slope, intercept } = rescaleOf(header, frame);
    frames[Number(id)]!.push({ frame, air: storedAir((outcome.air - intercept) / slope, header), runs });
  }
  return frames.map((changed) => (changed.length === 0 ? null : { rows: stack.rows, columns: stack.columns, frames: changed }));
}

function runsIn(changed: Uint8Array): Uint32Array {
  const runs: number[] = [];
  for (let i = changed.indexOf(1); i !== -1; i = changed.indexOf(1, i)) {
    const start = i;
    while (changed[i] === 1) i += 1;
    runs.push(start, i - start);
  }
  return Uint32Array.from(runs);
}

/** Rounded, and clamped to what the file can hold. */
function storedAir(value: number, { bitsStored, pixelRepresentation, floatPixels }: ImageHeader): number {
  if (floatPixels !== null) return value;
  const low = pixelRepresentation === 1 ? -(2 ** (bitsStored - 1)) : 0;
  const high = pixelRepresentation === 1 ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
  return Math.min(high, Math.max(low, Math.round(value)));
}

/**
 * The file without its part of the face, uncompressed.
 *
 * @throws {ScanloomError} `input/changed` when it is not the file that the cut was made for, and what decodeFrame throws.
 */
export async function withoutFace(file: DicomFile, cut: FaceCut): Promise<DicomFile> {
  const { rows, columns, frames } = describeImage(file);
  if (rows !== cut.rows || columns !== cut.columns || cut.frames.some(({ frame }) => frame >= frames)) throw new ScanloomError('input/changed', 'The image is not the one that its face was taken off: its size has changed.');
  const byFrame = new Map(cut.frames.map((one) => [one.frame, one]));
  return withFrames(file, (decoded, index) => {
    const change = byFrame.get(index);
    if (change === undefined) return;
    for (let at = 0; at + 1 < change.runs.length; at += 2) decoded.stored.fill(change.air, change.runs[at]!, change.runs[at]! + change.runs[at + 1]!);
  });
}
