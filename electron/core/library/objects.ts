/** Reads what a study holds beside plain images, and lays it over them. Files are read by workers when they are asked for. */
import { z } from 'zod';
import type { WorkerPool } from '#base';
import { ObjectKind, ScanloomError, type ImageMeta, type PresentationState, type SegmentationDetail, type SeriesDetail, type StructureSetDetail, type StudyObject } from '#contract';
import type { ImagePlane, ImageReference } from '#dicom';
import { imageIdOf, parseImageId } from './image-ids.ts';
import type { ObjectReads } from './object-reads.ts';
import type { Database, Library } from './types.ts';
import type { MarkedPlanes, ObjectAnswers, ObjectQuestion } from './workers/object-questions.ts';
import { ObjectResultAnswer } from './workers/messages.ts';

/** As `describeObject` made it, without its references; parsed again because a library outlives a program. */
const Description = z.object({
  sopInstanceUid: z.string(), sopClassUid: z.string(), studyInstanceUid: z.string(), seriesInstanceUid: z.string(), kind: ObjectKind, what: z.string(), title: z.string(), modality: z.string(),
  date: z.string(), time: z.string(), seriesNumber: z.number().nullable(), seriesDescription: z.string(), isImage: z.boolean(), frameOfReferenceUid: z.string(),
});
const ObjectRow = z.object({ object_uid: z.string(), description: z.string() });
const FileRow = z.object({ path: z.string(), sha256: z.string() });
const ReferenceRow = z.object({ series_uid: z.string(), images: z.number(), here: z.number(), in_library: z.number() });

/** Kinds that can be laid over images, or say how to show them. */
const overlayKinds = ['segmentation', 'structure-set', 'presentation-state'] as const;
/** Kinds whose place in a shared frame of reference is enough. */
const spatialKinds = ['segmentation', 'structure-set'] as const;

interface Needs {
  readonly db: Database;
  readonly pool: WorkerPool;
  readonly studies: Library['studies'];
  readonly images: Library['images'];
}

export function createObjects({ db, pool, studies, images }: Needs): ObjectReads {
  const noObject = (): ScanloomError => new ScanloomError('request/not-found', 'The library has no such object.', { hint: 'It may have been removed, or belong to another library.' });

  function toObject(raw: unknown): StudyObject {
    const row = ObjectRow.parse(raw);
    const description = Description.parse(JSON.parse(row.description));
    const references = db.all(
      `SELECT r.series_uid AS series_uid, sum(r.sop_uid <> '') AS images,
              sum(r.sop_uid <> '' AND (EXISTS (SELECT 1 FROM images i WHERE i.sop_uid = r.sop_uid) OR EXISTS (SELECT 1 FROM objects o WHERE o.object_uid = r.sop_uid))) AS here,
              EXISTS (SELECT 1 FROM series s WHERE s.series_uid = r.series_uid) OR EXISTS (SELECT 1 FROM objects o WHERE o.series_uid = r.series_uid) AS in_library
         FROM object_references r WHERE r.object_uid = ? GROUP BY r.series_uid ORDER BY images DESC, r.series_uid`,
      [row.object_uid],
    ).map((reference) => ReferenceRow.parse(reference));
    return {
      ...description,
      references: references.filter(({ series_uid: uid }) => uid !== '').map(({ series_uid: seriesInstanceUid, images: count, in_library: inLibrary }) => ({ seriesInstanceUid, images: count, inLibrary: inLibrary === 1 })),
      notices: noticesOf(references),
    };
  }

  function objectOf(objectUid: string): StudyObject {
    const row = db.get('SELECT object_uid, description FROM objects WHERE object_uid = ?', [objectUid]);
    if (row === undefined) throw noObject();
    return toObject(row);
  }

  async function ask<About extends ObjectQuestion['about']>(file: { readonly path: string; readonly sha256: string }, question: Extract<ObjectQuestion, { about: About }>): Promise<ObjectAnswers[About]> {
    const { answer, sha256 } = ObjectResultAnswer.parse(await pool.run({ op: 'object', path: file.path, question }, { priority: 'urgent' }));
    if (sha256 !== file.sha256) throw new ScanloomError('input/changed', 'The source file is not the one that was opened: its content has changed.', { hint: 'Open the folder again to take the file as it is now.' });
    return answer as ObjectAnswers[About];
  }

  function fileOf(objectUid: string): z.infer<typeof FileRow> {
    const row = db.get('SELECT coalesce(o.path, i.path) AS path, coalesce(i.sha256, o.sha256) AS sha256 FROM objects o LEFT JOIN images i ON i.sop_uid = o.object_uid WHERE o.object_uid = ?', [objectUid]);
    if (row === undefined) throw noObject();
    const file = FileRow.safeParse(row);
    if (!file.success) throw new ScanloomError('input/not-found', 'The file of this object is not in the library any more.', { hint: 'Open its folder again.' });
    return file.data;
  }

  function ofKind(objectUid: string, kind: StudyObject['kind'], what: string): StudyObject {
    const object = objectOf(objectUid);
    if (object.kind !== kind) throw new ScanloomError('request/unsupported', `This object is not a ${what}.`, { hint: `It is: ${object.what}.` });
    return object;
  }

  /** The images of a series with their places. */
  function planesOf(detail: SeriesDetail): { readonly meta: ImageMeta; readonly plane: ImagePlane }[] {
    const header = firstHeader(detail);
    return detail.stacks.flatMap(({ stack, images: metas }) => metas.map((meta) => ({ meta, plane: planeOf(meta, stack.spacingMm?.[0] ?? null, header?.frameOfReferenceUid ?? '') })));
  }

  function firstHeader(detail: SeriesDetail): { readonly frameOfReferenceUid: string } | null {
    const uid = detail.stacks[0]?.images[0]?.sopInstanceUid;
    return uid === undefined ? null : images.header(uid);
  }

  /** One image, with all images of its series. */
  function planeOfImage(imageId: string): { readonly plane: ImagePlane; readonly known: string[] } {
    const row = db.get('SELECT series_uid FROM images WHERE sop_uid = ?', [parseImageId(imageId).sopInstanceUid]);
    if (row === undefined) throw new ScanloomError('request/not-found', 'The library has no such image.');
    const all = planesOf(studies.series(z.object({ series_uid: z.string() }).parse(row).series_uid));
    const found = all.find(({ meta }) => meta.imageId === imageId);
    if (found === undefined) throw new ScanloomError('request/not-found', 'The library has no such image.');
    return { plane: found.plane, known: [...new Set(all.map(({ plane }) => plane.sopInstanceUid))] };
  }

  function marked(planes: ReturnType<typeof planesOf>, answer: MarkedPlanes): SegmentationDetail['images'] & StructureSetDetail['images'] {
    return answer.marked.map(({ index, how, numbers }) => ({ imageId: planes[index]!.meta.imageId, how, numbers: [...numbers] }));
  }

  /** Ids of the images that a reference names and the library has. */
  function idsOf(references: readonly ImageReference[]): string[] {
    return references.flatMap(({ sopInstanceUid, frames }) => {
      const row = db.get('SELECT frames FROM images WHERE sop_uid = ?', [sopInstanceUid]);
      if (row === undefined) return [];
      const count = z.object({ frames: z.number() }).parse(row).frames;
      const named = frames === null ? Array.from({ length: count }, (_, frame) => frame) : frames.filter((frame) => frame < count);
      return named.map((frame) => imageIdOf(sopInstanceUid, frame, count));
    });
  }

  const imageFile = (imageId: string): { file: { path: string; sha256: string }; frame: number } => {
    const { sopInstanceUid, frame } = parseImageId(imageId);
    return { file: images.sourceFile(sopInstanceUid), frame };
  };

  return {
    ofStudy(studyUid) {
      studies.get(studyUid);
      return db.all('SELECT object_uid, description FROM objects WHERE study_uid = ? ORDER BY kind, object_uid', [studyUid]).map(toObject);
    },
    sourceFile: fileOf,
    ofSeries(seriesUid) {
      const detail = studies.series(seriesUid);
      const kinds = overlayKinds.map(() => '?').join(', ');
      const named = db.all(
        `SELECT object_uid, description FROM objects WHERE kind IN (${kinds}) AND series_uid <> ? AND object_uid IN (
           SELECT object_uid FROM object_references WHERE series_uid = ?
           UNION SELECT r.object_uid FROM object_references r JOIN images i ON i.sop_uid = r.sop_uid WHERE i.series_uid = ?) ORDER BY kind, object_uid`,
        [...overlayKinds, seriesUid, seriesUid, seriesUid],
      ).map(toObject);
      const space = firstHeader(detail)?.frameOfReferenceUid ?? '';
      const known = new Set(named.map(({ sopInstanceUid }) => sopInstanceUid));
      const near = space === '' ? [] : db.all(`SELECT object_uid, description FROM objects WHERE kind IN (${spatialKinds.map(() => '?').join(', ')}) AND frame_of_reference = ? AND series_uid <> ? ORDER BY kind, object_uid`, [...spatialKinds, space, seriesUid]).map(toObject);
      return [
        ...named.map((object) => ({ object, relation: 'referenced' as const })),
        ...near.filter(({ sopInstanceUid }) => !known.has(sopInstanceUid)).map((object) => ({ object, relation: 'same-space' as const })),
      ];
    },
    async content(objectUid) {
      const { lines, truncated } = await ask<'content'>(fileOf(objectUid), { about: 'content' });
      return { object: objectOf(objectUid), lines: [...lines], truncated };
    },
    async segmentation(objectUid, seriesUid) {
      const object = ofKind(objectUid, 'segmentation', 'segmentation');
      const planes = seriesUid === undefined ? [] : planesOf(studies.series(seriesUid));
      const { marked: places, ...detail } = await ask<'segmentation'>(fileOf(objectUid), { about: 'segmentation', images: planes.map(({ plane }) => plane) });
      return { object, ...detail, images: marked(planes, { marked: places }) };
    },
    async masks(objectUid, imageId) {
      ofKind(objectUid, 'segmentation', 'segmentation');
      const { plane } = planeOfImage(imageId);
      return { rows: plane.rows, columns: plane.columns, ...(await ask<'masks'>(fileOf(objectUid), { about: 'masks', image: plane })) };
    },
    async structureSet(objectUid, seriesUid) {
      const object = ofKind(objectUid, 'structure-set', 'structure set');
      const planes = seriesUid === undefined ? [] : planesOf(studies.series(seriesUid));
      const { marked: places, ...detail } = await ask<'structure-set'>(fileOf(objectUid), { about: 'structure-set', images: planes.map(({ plane }) => plane) });
      return { object, ...detail, images: marked(planes, { marked: places }) };
    },
    async contours(objectUid, imageId) {
      ofKind(objectUid, 'structure-set', 'structure set');
      const { plane, known } = planeOfImage(imageId);
      const { how, rois } = await ask<'contours'>(fileOf(objectUid), { about: 'contours', image: plane, known });
      return { imageId, how: how ?? 'geometry', rois: rois.map(({ number, contours }) => ({ number, contours: contours.map(({ type, points }) => ({ type, points: [...points] })) })) };
    },
    async presentationState(objectUid) {
      const object = ofKind(objectUid, 'presentation-state', 'presentation state');
      const { images: references, voi, displayedAreas, annotations, ...rest } = await ask<'presentation-state'>(fileOf(objectUid), { about: 'presentation-state' });
      const applied = <Part extends { readonly appliesTo: readonly ImageReference[] | null }>(part: Part): Omit<Part, 'appliesTo'> & { appliesTo: string[] | null } => ({ ...part, appliesTo: part.appliesTo === null ? null : idsOf(part.appliesTo) });
      return { ...rest, object, imageIds: idsOf(references), voi: voi.map(applied), displayedAreas: displayedAreas.map(applied), annotations: annotations.map(applied) } satisfies PresentationState;
    },
    async display(imageId) {
      const { file, frame } = imageFile(imageId);
      return { imageId, ...(await ask<'display'>(file, { about: 'display', frame })) };
    },
    async imageOverlay(imageId, group) {
      const { file, frame } = imageFile(imageId);
      return ask<'overlay'>(file, { about: 'overlay', group, frame });
    },
    objectOverlay: (objectUid, group) => ask<'overlay'>(fileOf(objectUid), { about: 'overlay', group, frame: 0 }),
    async colour(imageId) {
      const { file, frame } = imageFile(imageId);
      return ask<'colour'>(file, { about: 'colour', frame });
    },
  };
}

function planeOf(meta: ImageMeta, sliceSpacingMm: number | null, frameOfReferenceUid: string): ImagePlane {
  return {
    sopInstanceUid: meta.sopInstanceUid, frame: meta.frame, rows: meta.rows, columns: meta.columns, position: meta.position, orientation: meta.orientation,
    spacingMm: meta.pixelSpacingMm, frameOfReferenceUid, sliceSpacingMm: sliceSpacingMm ?? meta.sliceThicknessMm,
  };
}

/** What is wrong with an object's references, in words. */
function noticesOf(references: readonly z.infer<typeof ReferenceRow>[]): string[] {
  const named = references.reduce((sum, { images }) => sum + images, 0);
  const here = references.reduce((sum, reference) => sum + reference.here, 0);
  if (named === 0 || here === named) return [];
  if (here === 0) return [named === 1 ? 'The instance that it refers to is not in the library.' : `None of the ${named} instances that it refers to is in the library.`];
  return [`${named - here} of the ${named} instances that it refers to ${named - here === 1 ? 'is' : 'are'} not in the library.`];
}
