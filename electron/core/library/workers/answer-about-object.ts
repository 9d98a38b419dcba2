/** Answers questions about objects. The last file is kept parsed: whoever scrolls through a series asks about one segmentation again and again. */
import type { Transferable } from 'node:worker_threads';
import { ScanloomError } from '#contract/errors';
import {
  contentOf, contoursOnImage, decodeFrame, describeImage, masksOnImage, matchFrames, modalityTableOf, overlayBits, overlayPlanes, readPresentationState, readSegmentation, readStructureSet, renderFrame, roisOnImage, voiOptions,
  type DicomFile, type Segmentation, type StructureSet,
} from '#dicom';
import type { ObjectAnswer, ObjectAnswers, ObjectQuestion } from './object-questions.ts';

/** A file with what was made of it on the way. */
export interface ReadObject {
  readonly file: DicomFile;
  segmentation?: Segmentation;
  structures?: StructureSet;
}

export async function answerAbout(read: ReadObject, question: ObjectQuestion): Promise<{ readonly answer: ObjectAnswer; readonly transfer: Transferable[] }> {
  switch (question.about) {
    case 'content': return { answer: contentOf(read.file), transfer: [] };
    case 'segmentation': return { answer: segmentationDetail(read, question.images), transfer: [] };
    case 'masks': {
      const { how, masks } = await masksOnImage(read.file, segmentationOf(read), question.image);
      const pixels = question.image.rows * question.image.columns;
      const planes = new Uint8Array(masks.length * pixels);
      masks.forEach((mask, index) => planes.set(mask.pixels, index * pixels));
      return { answer: { how, segments: masks.map(({ segment }) => segment), planes }, transfer: [planes.buffer] };
    }
    case 'structure-set': return { answer: structureDetail(read, question.images), transfer: [] };
    case 'contours': return { answer: contoursOnImage(structuresOf(read), question.image, new Set(question.known)), transfer: [] };
    case 'presentation-state': return { answer: readPresentationState(read.file.dataset), transfer: [] };
    case 'display': return { answer: displayOf(read.file, question.frame), transfer: [] };
    case 'overlay': {
      const { dataset } = read.file;
      const plane = overlayPlanes(dataset).find(({ group }) => group === question.group);
      if (plane === undefined) throw new ScanloomError('request/not-found', 'There is no such overlay.');
      const bits = overlayBits(dataset, question.group, question.frame);
      return { answer: { rows: plane.rows, columns: plane.columns, bits }, transfer: bits === null ? [] : [bits.buffer as ArrayBuffer] };
    }
    case 'colour': return colourOf(read.file, question.frame);
  }
}

function segmentationOf(read: ReadObject): Segmentation {
  read.segmentation ??= readSegmentation(read.file.dataset);
  return read.segmentation;
}

function structuresOf(read: ReadObject): StructureSet {
  read.structures ??= readStructureSet(read.file.dataset);
  return read.structures;
}

function segmentationDetail(read: ReadObject, images: Extract<ObjectQuestion, { about: 'segmentation' }>['images']): ObjectAnswers['segmentation'] {
  const segmentation = segmentationOf(read);
  const marked = images.flatMap((image, index) => {
    const frames = matchFrames(segmentation, image);
    if (frames.length === 0) return [];
    // In a labelmap only the pixels say which labels a frame has: any may occur.
    const numbers = segmentation.type === 'labelmap' ? segmentation.segments.map(({ number }) => number) : frames.map((frame) => segmentation.frames[frame.index]!.segment!);
    return [{ index, how: frames.every(({ how }) => how === 'reference') ? 'reference' as const : 'geometry' as const, numbers: [...new Set(numbers)].sort((a, b) => a - b) }];
  });
  const { type, fractionalType, overlap, rows, columns, frames, segments, canOverlay, notices } = segmentation;
  return {
    type, fractionalType, segmentsOverlap: overlap, rows, columns, frames: frames.length, canOverlay, marked,
    segments: segments.map((segment) => ({ ...segment, anatomy: [...segment.anatomy], colour: [segment.colour[0], segment.colour[1], segment.colour[2]] })),
    notices: images.length > 0 && canOverlay && marked.length === 0 ? [...notices, 'None of its frames lies on an image of this series.'] : [...notices],
  };
}

function structureDetail(read: ReadObject, images: Extract<ObjectQuestion, { about: 'structure-set' }>['images']): ObjectAnswers['structure-set'] {
  const structures = structuresOf(read);
  const known = new Set(images.map(({ sopInstanceUid }) => sopInstanceUid));
  const marked = images.flatMap((image, index) => {
    const found = roisOnImage(structures, image, known);
    return found === null ? [] : [{ index, ...found }];
  });
  const contours = structures.rois.flatMap((roi) => roi.contours);
  const adrift = images.length === 0 ? 0 : contours.filter((contour) => contour.images.length > 0 && !contour.images.some(({ sopInstanceUid }) => known.has(sopInstanceUid))).length;
  return {
    label: structures.label,
    marked,
    rois: structures.rois.map(({ contours: drawn, frameOfReferenceUid: _space, colour, ...roi }) => ({ ...roi, colour: [colour[0], colour[1], colour[2]], contours: drawn.length })),
    notices: [
      ...structures.notices,
      ...(adrift > 0 ? [`${adrift} of ${contours.length} contours name images that are not in this series; they are shown where their coordinates lie.`] : []),
      ...(images.length > 0 && contours.length > 0 && marked.length === 0 ? ['None of its contours lies on an image of this series.'] : []),
    ],
  };
}

function displayOf({ dataset, ...file }: DicomFile, frame: number): ObjectAnswers['display'] {
  const header = describeImage({ dataset, ...file });
  const table = modalityTableOf(dataset);
  const planes = overlayPlanes(dataset);
  return {
    modalityTable: table === null ? null : { type: table.type, explanation: table.explanation },
    voi: voiOptions(dataset, header, frame).map((voi) => ('window' in voi ? { window: { ...voi.window } } : { table: { explanation: voi.table.explanation, first: voi.table.first, bits: voi.table.bits, values: [...voi.table.values] } })),
    inverted: header.photometricInterpretation === 'MONOCHROME1' || header.inverted === true,
    overlays: planes.map((plane) => ({ ...plane, origin: [plane.origin[0], plane.origin[1]] })),
    notices: header.hasModalityLut && table === null && header.rescale === null ? ['The file\'s modality table is damaged; its stored values are shown.'] : [],
  };
}

async function colourOf(file: DicomFile, frame: number): Promise<{ answer: ObjectAnswers['colour']; transfer: Transferable[] }> {
  const picture = renderFrame(await decodeFrame(file, frame), describeImage(file), { dataset: file.dataset, frameIndex: frame });
  const pixels = picture.channels === 3 ? picture.pixels : new Uint8Array(picture.pixels.length * 3).map((_, i) => picture.pixels[Math.floor(i / 3)]!);
  return { answer: { rows: picture.rows, columns: picture.columns, pixels }, transfer: [pixels.buffer as ArrayBuffer] };
}
