/** Faces taken off for a copy, and before it for a person to look at: the same seed gives the same cut. */
import { randomInt } from 'node:crypto';
import { encode } from 'fast-png';
import { randomUuid } from '#base';
import { ScanloomError, type FacePreview } from '#contract';
import { parseDicom, type DicomFile } from '#dicom';
import type { Library } from '#library';
import { defaceSeries, recognizableVisualFeatures, type SurfacePicture } from '#privacy';

export interface SeriesFiles {
  readonly seriesInstanceUid: string;
  readonly description: string;
  /** SOP Instance UIDs. */
  readonly objects: readonly string[];
}

export interface Faces {
  filesOf(seriesUid: string): SeriesFiles;
  preview(seriesUid: string): Promise<FacePreview>;
  picture(faceId: string): Uint8Array;
  /** The objects of a series that go into the copy instead of the originals, and a sentence about it; or why nothing could be done. */
  take(series: SeriesFiles, wish: { readonly faceId?: string | undefined; readonly confirmed: boolean }, signal: AbortSignal): Promise<{ files: ReadonlyMap<string, DicomFile>; words: string; refused: boolean }>;
}

/** Previews that are remembered, with their pictures. */
const mostPreviews = 10;

export function createFaces(library: Library): Faces {
  // A seed lives here only and goes with the program: who had it could have the cut surface back.
  const previews = new Map<string, { readonly seriesUid: string; readonly seed: number; readonly png: Uint8Array | null }>();

  function filesOf(seriesUid: string): SeriesFiles {
    const { series, stacks } = library.studies.series(seriesUid);
    return { seriesInstanceUid: seriesUid, description: series.description, objects: [...new Set(stacks.flatMap((stack) => stack.images.map((image) => image.sopInstanceUid)))] };
  }

  async function read({ objects }: SeriesFiles, signal?: AbortSignal): Promise<DicomFile[]> {
    const files: DicomFile[] = [];
    for (const uid of objects) {
      signal?.throwIfAborted();
      files.push(parseDicom(await library.images.readBytes(uid)));
    }
    return files;
  }

  return {
    filesOf,
    async preview(seriesUid) {
      const seed = randomInt(2 ** 32);
      const outcome = await defaceSeries(await read(filesOf(seriesUid)), seed);
      const faceId = randomUuid();
      const png = outcome.kind === 'defaced' && outcome.before !== null && outcome.after !== null ? sideBySide(outcome.before, outcome.after) : null;
      if (previews.size >= mostPreviews) previews.delete(previews.keys().next().value as string);
      previews.set(faceId, { seriesUid, seed, png });
      return { faceId, seriesInstanceUid: seriesUid, defaced: outcome.kind === 'defaced', words: outcome.kind === 'defaced' ? outcome.description : outcome.reason };
    },
    picture(faceId) {
      const png = previews.get(faceId)?.png ?? null;
      if (png === null) throw new ScanloomError('request/not-found', 'There is no picture of this face.', { hint: 'Make the preview again.' });
      return png;
    },
    async take(series, { faceId, confirmed }, signal) {
      const preview = faceId === undefined ? undefined : previews.get(faceId);
      const isSeen = preview !== undefined && preview.seriesUid === series.seriesInstanceUid;
      const originals = await read(series, signal);
      const outcome = await defaceSeries(originals, isSeen ? preview.seed : randomInt(2 ** 32), signal);
      if (outcome.kind === 'refused') return { files: new Map(), words: `Its face could not be taken off, so it was left out: ${outcome.reason}`, refused: true };
      const claim = recognizableVisualFeatures(true, confirmed && isSeen);
      const files = new Map<string, DicomFile>();
      outcome.files.forEach((file, index) => {
        if (claim !== null) files.set(series.objects[index]!, { ...file, dataset: file.dataset.clone().setString('RecognizableVisualFeatures', claim) });
        else if (file !== originals[index]) files.set(series.objects[index]!, file);
      });
      return { files, words: outcome.description, refused: false };
    },
  };
}

function sideBySide(before: SurfacePicture, after: SurfacePicture): Uint8Array {
  const gap = 8;
  const width = before.columns + gap + after.columns;
  const height = Math.max(before.rows, after.rows);
  const data = new Uint8Array(width * height);
  for (const [picture, start] of [[before, 0], [after, before.columns + gap]] as const) {
    for (let row = 0; row < picture.rows; row += 1) data.set(picture.pixels.subarray(row * picture.columns, (row + 1) * picture.columns), row * width + start);
  }
  return Uint8Array.from(encode({ width, height, data, channels: 1, depth: 8 }));
}
