/** Faces taken off for a copy, and before it for a person to look at: the same seed gives the same cut. Volumes are decoded and cut in a worker. */
import { randomInt } from 'node:crypto';
import { randomUuid } from '#base';
import { ScanloomError, type FacePreview } from '#contract';
import type { Library } from '#library';
import { noFaceDecision, unseenRemark, type CopyWorkers, type FaceDecision } from '../deidentify/index.ts';

export interface SeriesFiles {
  readonly seriesInstanceUid: string;
  readonly description: string;
  /** SOP Instance UIDs. */
  readonly objects: readonly string[];
}

export interface TakenFace {
  /** By the path of the original, for every object of the series; none when it was refused. */
  readonly decisions: ReadonlyMap<string, FaceDecision>;
  readonly words: string;
  readonly refused: boolean;
  /** A person has seen this very cut. */
  readonly seen: boolean;
}

export interface Faces {
  filesOf(seriesUid: string): SeriesFiles;
  preview(seriesUid: string, workers: CopyWorkers): Promise<FacePreview>;
  picture(faceId: string): Uint8Array;
  /** What goes from the objects of a series, and a sentence about it; or why nothing could be done. */
  take(series: SeriesFiles, wish: { readonly faceId?: string | undefined; readonly confirmed: boolean }, workers: CopyWorkers): Promise<TakenFace>;
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

  function read({ objects }: SeriesFiles): { path: string }[] {
    if (objects.some((uid) => library.images.header(uid).sourceFormat === 'nifti')) throw new ScanloomError('task/not-applicable', 'A NIfTI file is no DICOM object: it can be exported, not copied.');
    return objects.map((uid) => ({ path: library.images.sourceFile(uid).path }));
  }

  return {
    filesOf,
    async preview(seriesUid, workers) {
      const seed = randomInt(2 ** 32);
      const outcome = await workers.face({ files: read(filesOf(seriesUid)), seed, picture: true });
      const faceId = randomUuid();
      if (previews.size >= mostPreviews) previews.delete(previews.keys().next().value as string);
      previews.set(faceId, { seriesUid, seed, png: outcome.kind === 'cut' ? outcome.picture : null });
      return { faceId, seriesInstanceUid: seriesUid, defaced: outcome.kind === 'cut', words: outcome.kind === 'cut' ? outcome.description : outcome.reason };
    },
    picture(faceId) {
      const png = previews.get(faceId)?.png ?? null;
      if (png === null) throw new ScanloomError('request/not-found', 'There is no picture of this face.', { hint: 'Make the preview again.' });
      return png;
    },
    async take(series, { faceId, confirmed }, workers) {
      const preview = faceId === undefined ? undefined : previews.get(faceId);
      const isSeen = preview !== undefined && preview.seriesUid === series.seriesInstanceUid;
      const originals = read(series);
      const outcome = await workers.face({ files: originals, seed: isSeen ? preview.seed : randomInt(2 ** 32), picture: false });
      if (outcome.kind === 'refused') return { decisions: new Map(), words: `Its face could not be taken off, so it was left out: ${outcome.reason}`, refused: true, seen: false };
      // Only what a person has looked at may say that nobody can be recognised.
      const seen = confirmed && isSeen;
      const decisions = new Map(originals.map(({ path }, at): [string, FaceDecision] => {
        const cut = outcome.cuts[at] ?? null;
        return [path, { ...noFaceDecision, cut, saysNoFeatures: seen, face: cut === null ? 'untouched' : seen ? 'cut-and-seen' : 'cut', remarks: seen ? [] : [unseenRemark] }];
      }));
      return { decisions, words: outcome.description, refused: false, seen };
    },
  };
}
