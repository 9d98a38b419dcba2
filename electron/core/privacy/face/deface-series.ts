/** The Clean Recognizable Visual Features Option (PS3.15 E.3.2) on the files of one series: volume, defacing, and the same files with the face set to air. */
import { ScanloomError } from '#contract/errors';
import { assembleSeries, decodeFrame, describeImage, type DicomFile, type ImageHeader, type Stack } from '#dicom';
import { deface } from './deface.ts';
import { cutsOfFiles, rescaleOf, withoutFace, type FaceCut } from './face-cut.ts';
import { faceRisk } from './face-risk.ts';
import { surfacePicture, type SurfacePicture } from './surface-picture.ts';
import type { FaceRisk, HeadVolume } from './types.ts';

/** A volume is held as 4-byte numbers: at most this much, bytes. */
const largestVolumeBytes = 2 ** 30;

export interface SeriesFaceCut {
  /** In the order given, null where a file stays as it is. */
  readonly cuts: readonly (FaceCut | null)[];
  readonly changedShare: number;
  readonly deepestMm: number;
  /** The surface from the front, for a person to judge. */
  readonly before: SurfacePicture | null;
  readonly after: SurfacePicture | null;
  /** What to write about it, a sentence (Derivation Description, report). */
  readonly description: string;
}

export interface DefacedSeries extends Omit<SeriesFaceCut, 'cuts'> {
  /** In the order given. Files without a change are the very same; changed ones are uncompressed. */
  readonly files: readonly DicomFile[];
}

interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}
export type FaceCutOutcome = ({ readonly kind: 'cut' } & SeriesFaceCut) | Refused;
export type DefaceSeriesOutcome = ({ readonly kind: 'defaced' } & DefacedSeries) | Refused;

/** What the headers of one series say about faces: the highest risk of its stacks. */
export function faceRiskOfSeries(headers: readonly ImageHeader[], seriesWords: readonly string[] = []): FaceRisk {
  const order = ['none', 'possible', 'high'] as const;
  const { stacks } = assembleSeries(inputsOf(headers));
  const first = headers[0];
  const risks = first === undefined ? [] : stacks.map((stack) =>
    faceRisk({
      modality: first.modality,
      words: [first.bodyPart, first.seriesDescription, first.studyDescription, first.protocolName, ...seriesWords],
      volume: stack.volume, slices: stack.images.length / Math.max(1, stack.timePoints), spacingMm: stack.spacingMm, rows: stack.rows, columns: stack.columns,
    }),
  );
  return risks.reduce<FaceRisk>((worst, risk) => (order.indexOf(risk.level) > order.indexOf(worst.level) ? risk : worst), risks[0] ?? { level: 'none', reasons: ['It has no images.'], saysHead: false });
}

function inputsOf(headers: readonly ImageHeader[]): { id: string; header: ImageHeader; frame: number }[] {
  return headers.flatMap((header, index) => Array.from({ length: header.frames }, (_, frame) => ({ id: String(index), header, frame })));
}

/**
 * Finds what has to go from the volume of a series. The series must be that one volume: what else is in it (a second stack, time points) would keep the face.
 *
 * @param files One series' image files, in any order, with their pixels.
 * @throws {ScanloomError} `dicom/too-large`, and what decodeFrame throws. What cannot be defaced is no error: it comes back as a sentence.
 */
export async function cutFaceOfSeries(files: readonly DicomFile[], seed: number, signal?: AbortSignal): Promise<FaceCutOutcome> {
  const refused = (reason: string): Refused => ({ kind: 'refused', reason });
  const headers = files.map((file) => describeImage(file));
  const { stacks } = assembleSeries(inputsOf(headers));
  const stack = stacks[0];
  if (stack === undefined) return refused('There are no images in it.');
  if (stacks.length > 1) return refused('It is more than one stack of images, and a face would stay in the others.');
  if (stack.timePoints > 1) return refused('It has several images at each place; only plain volumes can be defaced yet.');
  if (!stack.volume || stack.spacingMm === null || stack.spacingMm[0] === null || stack.orientation === null) return refused('Its images are no even volume.');
  if (headers.some(({ samplesPerPixel, hasModalityLut }) => samplesPerPixel > 1 || hasModalityLut)) return refused('Its pixels are colours, or go through a table.');
  const volume = await volumeOf(files, headers, stack, signal);
  const outcome = deface(volume, seed);
  if (outcome.kind === 'refused') return outcome;
  const before = surfacePicture(volume);
  for (let i = 0; i < volume.values.length; i += 1) if (outcome.changed[i] === 1) volume.values[i] = outcome.air;
  return {
    kind: 'cut', cuts: cutsOfFiles(headers, stack, outcome), changedShare: outcome.changedShare, deepestMm: outcome.deepestMm, before, after: surfacePicture(volume),
    description: `The front of the face was set to air from the brow down, at most ${Math.ceil(outcome.deepestMm)} mm deep; ${(100 * outcome.changedShare).toFixed(1)} % of the voxels changed.`,
  };
}

/** The same, done to the files. @throws as cutFaceOfSeries */
export async function defaceSeries(files: readonly DicomFile[], seed: number, signal?: AbortSignal): Promise<DefaceSeriesOutcome> {
  const outcome = await cutFaceOfSeries(files, seed, signal);
  if (outcome.kind === 'refused') return outcome;
  const { cuts, kind: _, ...rest } = outcome;
  const defaced: DicomFile[] = [];
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    const cut = cuts[index] ?? null;
    defaced.push(cut === null ? file : await withoutFace(file, cut));
  }
  return { kind: 'defaced', ...rest, files: defaced };
}

async function volumeOf(files: readonly DicomFile[], headers: readonly ImageHeader[], stack: Stack, signal: AbortSignal | undefined): Promise<HeadVolume> {
  const { rows, columns } = stack;
  const slices = stack.images.length;
  if (slices * rows * columns * 4 > largestVolumeBytes) throw new ScanloomError('dicom/too-large', 'The volume is too large to be defaced in memory.');
  const values = new Float32Array(slices * rows * columns);
  for (const [slice, { id, frame }] of stack.images.entries()) {
    signal?.throwIfAborted();
    const { stored } = await decodeFrame(files[Number(id)]!, frame);
    const { slope, intercept } = rescaleOf(headers[Number(id)]!, frame);
    const start = slice * rows * columns;
    for (let i = 0; i < rows * columns; i += 1) values[start + i] = stored[i]! * slope + intercept;
  }
  const [sliceMm, rowMm, columnMm] = stack.spacingMm!;
  return { slices, rows, columns, values, spacingMm: [sliceMm!, rowMm, columnMm], orientation: stack.orientation!, modality: headers[0]!.modality };
}
