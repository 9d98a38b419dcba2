/** Softcopy presentation states → plain data (PS3.3 A.33, C.10, C.11). */
import { ScanloomError } from '#contract/errors';
import { rescaleOf, windowsOf } from '../attributes.ts';
import type { DataSet } from '../data-set.ts';
import { modalityTableOf, readLookupTable, voiTablesOf, type LookupTable } from '../lookup-tables.ts';
import { overlayPlanes } from '../overlays.ts';
import { annotationsOf, layersOf } from './annotations.ts';
import { appliesToOf, imageReferences } from './image-references.ts';
import { shuttersOf } from './shutters.ts';
import type { PresentationStateContent } from './types.ts';

const family = '1.2.840.10008.5.1.4.1.1.11.';
const grayscale = `${family}1`;

export function isPresentationState(sopClassUid: string): boolean {
  return sopClassUid.startsWith(family);
}

/**
 * Reads what a state says of how its images are to be shown.
 *
 * @throws {ScanloomError} `request/unsupported` for an object that is no presentation state.
 */
export function readPresentationState(dataset: DataSet): PresentationStateContent {
  const sopClassUid = dataset.string('SOPClassUID');
  if (!isPresentationState(sopClassUid)) throw new ScanloomError('request/unsupported', 'This object is not a presentation state.');
  const notices: string[] = [];
  if (sopClassUid !== grayscale) notices.push('Only what this state has in common with a grayscale state is applied: annotations, shutters, areas, windows. Its colours and blending are not.');
  if (dataset.sequence('MaskSubtractionSequence').length > 0) notices.push('The state subtracts a mask image; the subtraction is not made.');
  const modality = modalityTableOf(dataset);
  const rescale = rescaleOf(dataset, '');
  const { shutters, colour } = shuttersOf(dataset, notices);
  const rotation = dataset.number('ImageRotation') ?? 0;
  const planes = overlayPlanes(dataset);
  const presentationTable = dataset.sequence('PresentationLUTSequence').map((item) => readLookupTable(item, false)).find((table) => table !== null);
  return {
    label: dataset.string('ContentLabel'),
    description: dataset.string('ContentDescription'),
    creator: dataset.string('ContentCreatorName').replaceAll('^', ' ').trim(),
    images: dataset.sequence('ReferencedSeriesSequence').flatMap((series) => imageReferences(series.sequence('ReferencedImageSequence'))),
    modality: modality !== null ? { table: jsonTable(modality) } : rescale !== null ? { slope: rescale.slope, intercept: rescale.intercept, type: rescale.type } : null,
    voi: dataset.sequence('SoftcopyVOILUTSequence').flatMap((item): PresentationStateContent['voi'][number][] => {
      const appliesTo = appliesToOf(item);
      const [window] = windowsOf(item);
      // What the modality step gives may be negative wherever a rescale is at work.
      const [table] = voiTablesOf(item, dataset.number('PixelRepresentation') === 1 || (rescale?.intercept ?? 0) < 0);
      if (table !== undefined) return [{ appliesTo, voi: { table: jsonTable(table) } }];
      return window === undefined ? [] : [{ appliesTo, voi: { window } }];
    }),
    presentation: presentationTable != null ? { table: jsonTable(presentationTable) } : { shape: dataset.string('PresentationLUTShape') === 'INVERSE' ? 'inverse' : 'identity' },
    transformation: { rotation: rotation === 90 || rotation === 180 || rotation === 270 ? rotation : 0, flip: dataset.string('ImageHorizontalFlip') === 'Y' },
    displayedAreas: dataset.sequence('DisplayedAreaSelectionSequence').flatMap((item) => areaOf(item)),
    shutters,
    shutterColour: colour,
    overlays: planes.map((plane) => ({ ...plane, origin: [plane.origin[0], plane.origin[1]] as [number, number] })),
    imageOverlayGroups: activatedGroups(dataset).filter((group) => !planes.some((plane) => plane.group === group)),
    layers: layersOf(dataset),
    annotations: annotationsOf(dataset, notices),
    notices,
  };
}

/** A table as JSON. */
export function jsonTable(table: LookupTable): { explanation: string; first: number; bits: number; values: number[] } {
  return { explanation: table.explanation, first: table.first, bits: table.bits, values: [...table.values] };
}

/** C.10.4. Corners are column\row of pixels, the first pixel being 1\1. */
function areaOf(item: DataSet): PresentationStateContent['displayedAreas'][number][] {
  const [left, top] = item.numbers('DisplayedAreaTopLeftHandCorner');
  const [right, bottom] = item.numbers('DisplayedAreaBottomRightHandCorner');
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return [];
  const mode = item.string('PresentationSizeMode');
  const spacing = item.numbers('PresentationPixelSpacing');
  const ratio = item.numbers('PresentationPixelAspectRatio');
  const [height, width] = spacing.length === 2 ? spacing : ratio;
  return [{
    appliesTo: appliesToOf(item),
    topLeft: [left - 1, top - 1],
    bottomRight: [right - 1, bottom - 1],
    mode: mode === 'TRUE SIZE' || mode === 'MAGNIFY' ? mode : 'SCALE TO FIT',
    magnification: item.number('PresentationPixelMagnificationRatio'),
    pixelAspect: height !== undefined && width !== undefined && height > 0 && width > 0 ? height / width : null,
  }];
}

/** Overlay Activation Layer (60xx,1001) switches a group on (C.11.7). */
function activatedGroups(dataset: DataSet): number[] {
  return Array.from({ length: 16 }, (_, index) => 0x6000 + index * 2).filter((group) => dataset.string(`${group.toString(16)}1001`) !== '');
}
