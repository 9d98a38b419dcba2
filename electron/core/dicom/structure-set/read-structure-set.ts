/** RT Structure Sets → regions of interest and their contours in the patient (PS3.3 A.19, C.8.8.5, C.8.8.6, C.8.8.8). */
import { ScanloomError } from '#contract/errors';
import { chosenColour, type Rgb } from '../cielab.ts';
import type { DataSet } from '../data-set.ts';

export interface Contour {
  readonly type: 'closed' | 'open' | 'point';
  /** x, y, z, x, y, z, … LPS, mm. */
  readonly points: Float64Array;
  /** Images that it was drawn on, by Contour Image Sequence; `frame` from 0, null for all. */
  readonly images: readonly { readonly sopInstanceUid: string; readonly frame: number | null }[];
}

export interface Roi {
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly colour: Rgb;
  readonly colourFrom: 'file' | 'chosen';
  readonly interpretedType: string;
  readonly algorithm: string;
  readonly frameOfReferenceUid: string;
  /** `evenodd`: contours of one plane are combined by exclusive or (CLOSEDPLANAR_XOR), which makes holes. */
  readonly fill: 'evenodd' | 'nonzero';
  readonly contours: readonly Contour[];
}

export interface StructureSet {
  readonly label: string;
  readonly rois: readonly Roi[];
  readonly notices: readonly string[];
}

const structureSetStorage = '1.2.840.10008.5.1.4.1.1.481.3';
/** Three numbers each; a plan's contours stay far below it. */
const largestPointCount = 20_000_000;

export function isStructureSet(sopClassUid: string): boolean {
  return sopClassUid === structureSetStorage;
}

/**
 * Reads regions and contours.
 *
 * @throws {ScanloomError} `request/unsupported` for an object of another kind, `dicom/too-large` for more points than memory is given for.
 */
export function readStructureSet(dataset: DataSet): StructureSet {
  if (!isStructureSet(dataset.string('SOPClassUID'))) throw new ScanloomError('request/unsupported', 'This object is not a structure set.');
  const notices: string[] = [];
  const drawings = new Map<number, DataSet>();
  for (const item of dataset.sequence('ROIContourSequence')) {
    const number = item.number('ReferencedROINumber');
    if (number !== null) drawings.set(number, item);
  }
  const observations = new Map<number, DataSet>();
  for (const item of dataset.sequence('RTROIObservationsSequence')) {
    const number = item.number('ReferencedROINumber');
    if (number !== null) observations.set(number, item);
  }
  let points = 0;
  let damaged = 0;
  let uncoloured = 0;
  const rois = dataset.sequence('StructureSetROISequence').flatMap((item): Roi[] => {
    const number = item.number('ROINumber');
    if (number === null) return [];
    const drawing = drawings.get(number);
    drawings.delete(number);
    const told = rgbOf(drawing?.numbers('ROIDisplayColor') ?? []);
    const colour = told ?? chosenColour(uncoloured);
    if (told === null) uncoloured += 1;
    let isXor = false;
    const contours = (drawing?.sequence('ContourSequence') ?? []).flatMap((contour): Contour[] => {
      const type = contour.string('ContourGeometricType').toUpperCase();
      isXor ||= type === 'CLOSEDPLANAR_XOR';
      const data = contour.numbers('ContourData');
      points += data.length / 3;
      if (points > largestPointCount) throw new ScanloomError('dicom/too-large', 'The structure set has more contour points than can be shown.');
      if (data.length === 0 || data.length % 3 !== 0 || !data.every(Number.isFinite)) {
        damaged += 1;
        return [];
      }
      return [{ type: type === 'POINT' || data.length === 3 ? 'point' : type.startsWith('OPEN') ? 'open' : 'closed', points: Float64Array.from(data), images: imagesOf(contour) }];
    });
    return [{
      number,
      name: item.string('ROIName'),
      description: item.string('ROIDescription'),
      colour,
      colourFrom: told === null ? 'chosen' : 'file',
      interpretedType: observations.get(number)?.string('RTROIInterpretedType') ?? '',
      algorithm: item.string('ROIGenerationAlgorithm'),
      frameOfReferenceUid: item.string('ReferencedFrameOfReferenceUID') || dataset.string('FrameOfReferenceUID'),
      fill: isXor ? 'evenodd' : 'nonzero',
      contours,
    }];
  });
  if (damaged > 0) notices.push(`${damaged} contours have no usable points and are left out.`);
  if (drawings.size > 0) notices.push(`Contours of ${drawings.size} regions that the structure set does not name are left out.`);
  return { label: dataset.string('StructureSetLabel'), rois, notices };
}

function imagesOf(contour: DataSet): Contour['images'] {
  return contour.sequence('ContourImageSequence').flatMap((item): Contour['images'] => {
    const sopInstanceUid = item.string('ReferencedSOPInstanceUID');
    if (sopInstanceUid === '') return [];
    const numbers = item.numbers('ReferencedFrameNumber').filter((number) => number >= 1);
    return numbers.length === 0 ? [{ sopInstanceUid, frame: null }] : numbers.map((number) => ({ sopInstanceUid, frame: number - 1 }));
  });
}

function rgbOf(values: readonly number[]): Rgb | null {
  const [red, green, blue] = values;
  const isColour = values.length === 3 && values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255);
  return isColour ? [red!, green!, blue!] : null;
}
