/** From a header to what the viewer needs of one frame. */
import type { ImageMeta} from '#contract';
import { type Window } from '#contract';
import { defaultWindow, valueKind, type FrameGeometry, type ImageHeader, type StackImage } from '#dicom';
import { imageIdOf } from './image-ids.ts';

/**
 * @param measured Window of the series, measured on its middle image; used where the files name none and the modality has no usual one.
 */
export function imageMetaOf(header: ImageHeader, image: StackImage, measured: Window | null): ImageMeta {
  const own: FrameGeometry | null = header.framesGeometry?.[image.frame] ?? null;
  const rescale = own?.rescale ?? header.rescale;
  const spacing = own?.pixelSpacingMm ?? header.pixelSpacingMm;
  const isMosaic = header.sourceFormat === undefined && header.imageType.some((type) => type.toUpperCase() === 'MOSAIC');
  // That of a mosaic is the place of its whole sheet, where none of its slices lies.
  const position = isMosaic ? null : (own?.position ?? header.position);
  const unit = unitOf(header, rescale?.type ?? '');
  const kind = unit === '' ? valueKind(header, image.frame) : '';
  const orientation = own?.orientation ?? header.orientation;
  return {
    imageId: imageIdOf(header.sopInstanceUid, image.frame, header.frames),
    sopInstanceUid: header.sopInstanceUid,
    frame: image.frame,
    instanceNumber: header.instanceNumber,
    rows: header.rows,
    columns: header.columns,
    samplesPerPixel: header.samplesPerPixel,
    photometricInterpretation: header.photometricInterpretation,
    pixelSpacingMm: spacing === null ? null : [spacing[0], spacing[1]],
    position: position === null ? null : [...position],
    orientation: orientation === null ? null : [...orientation],
    positionAlongNormalMm: isMosaic ? null : image.positionAlongNormalMm,
    ...(header.frameOfReferenceUid === '' ? {} : { frameOfReferenceUid: header.frameOfReferenceUid.slice(0, 64) }),
    sliceThicknessMm: own?.sliceThicknessMm ?? header.sliceThicknessMm,
    rescale: rescaleOf(header, image.frame),
    unit,
    window: windowOf(header, own, measured),
    kvp: header.kvp,
    echoTimeMs: own?.echoTime ?? header.echoTime,
    repetitionTimeMs: header.repetitionTime,
    ...(spacing !== null && projections.has(header.modality) && header.spacingCalibrated !== true ? { spacingAtDetector: true } : {}),
    ...(orientation === null && header.patientOrientation !== undefined ? { patientOrientation: [header.patientOrientation[0], header.patientOrientation[1]] } : {}),
    ...(kind === '' ? {} : { valueKind: kind }),
    ...(header.regions === undefined ? {} : { regions: header.regions.map(({ spacingMm, ...place }) => ({ ...place, spacingMm: spacingMm === null ? null : [spacingMm[0], spacingMm[1]] })) }),
    ...(isMosaic ? { mosaic: { tiles: header.tiles ?? null } } : {}),
    ...diffusionOf(header, own),
    ...displayOf(header, image.frame),
  };
}

/** X-ray images that nothing is as large on as in the patient, unless somebody calibrated them. */
const projections = new Set(['CR', 'DX', 'MG', 'XA', 'RF', 'RG', 'IO', 'PX']);

function diffusionOf(header: ImageHeader, own: FrameGeometry | null): Pick<ImageMeta, 'diffusion'> {
  const bValue = own?.diffusionBValue ?? header.diffusionBValue;
  if (bValue === null || header.modality !== 'MR') return {};
  const direction = own?.diffusionDirection ?? header.diffusionDirection ?? null;
  // An image without weighting has no direction; files write zeros.
  return { diffusion: { bValue, ...(direction === null || direction.every((cosine) => cosine === 0) ? {} : { direction: [direction[0], direction[1], direction[2]] }) } };
}

/** What few images have, and the viewer asks for when they do. */
function displayOf(header: ImageHeader, frame: number): Pick<ImageMeta, 'frameTimeMs' | 'suv' | 'inverted' | 'more'> {
  const frameTimeMs = header.frames > 1 ? (header.frameTimesMs?.[frame] ?? header.frameTimeMs) : null;
  const more: NonNullable<ImageMeta['more']> = [
    ...(header.windows.length > 1 ? ['windows' as const] : []),
    ...((header.voiTables ?? 0) > 0 ? ['voi-table' as const] : []),
    ...(header.hasModalityLut && header.rescale === null ? ['modality-table' as const] : []),
    ...((header.overlayGroups?.length ?? 0) > 0 ? ['overlays' as const] : []),
    ...(header.coloured === true ? ['colours' as const] : []),
  ];
  return {
    ...(frameTimeMs === null || frameTimeMs <= 0 ? {} : { frameTimeMs }),
    ...(header.suv === undefined ? {} : { suv: { factor: header.suv.factor, reason: header.suv.reason } }),
    // For MONOCHROME1 the shape says the same once more (PS3.3 C.8.11.1.1.2): it is not turned round twice.
    ...(header.inverted === true && header.photometricInterpretation !== 'MONOCHROME1' ? { inverted: true } : {}),
    ...(more.length === 0 ? {} : { more }),
  };
}

/** Modality units per stored value; 1 and 0 where the file says nothing. */
export function rescaleOf(header: ImageHeader, frame: number): { slope: number; intercept: number } {
  const rescale = header.framesGeometry?.[frame]?.rescale ?? header.rescale;
  return rescale === null ? { slope: 1, intercept: 0 } : { slope: rescale.slope, intercept: rescale.intercept };
}

/** PET Units (0054,1001) as people write them (PS3.3 C.8.9.1.1.3). */
const petUnits: Readonly<Record<string, string>> = { BQML: 'Bq/ml', CNTS: 'counts', GML: 'SUV', CPS: 'counts/s', PROPCPS: 'counts/s', PROPCNTS: 'counts', KBQML: 'kBq/ml' };
/** Objects whose slope comes with a unit of its own: parametric maps and dose grids. */
const measured = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(30|481\.2)$/;

function unitOf(header: ImageHeader, rescaleType: string): string {
  if (rescaleType === 'HU' || (header.modality === 'CT' && rescaleType === '')) return 'HU';
  if (header.modality === 'PT') return petUnits[header.units] ?? '';
  if (rescaleType === 'OD' || rescaleType === 'PCT') return rescaleType === 'OD' ? 'OD' : '%';
  return rescaleType === 'SUV' || (measured.test(header.sopClassUid) && rescaleType !== 'US') ? rescaleType : '';
}

/** True when nothing but the pixels can tell how to show this image. */
export function needsMeasuredWindow(header: ImageHeader): boolean {
  const usual = header.modality === 'CT' && header.imageType[2] !== 'LOCALIZER';
  return !usual && header.samplesPerPixel === 1 && !header.windows.some((window) => window.width >= 1 || (window.width > 0 && header.floatPixels !== null)) && header.framesGeometry?.[0]?.window == null;
}

function windowOf(header: ImageHeader, own: FrameGeometry | null, measured: Window | null): Window {
  if (own?.window != null && own.window.width > 0) return cleanWindow(own.window);
  if (measured !== null && needsMeasuredWindow(header)) return measured;
  return cleanWindow(defaultWindow(header));
}

/** Without the parts that the page does not know, and never a width that would divide by zero. */
export function cleanWindow(window: { readonly center: number; readonly width: number; readonly explanation?: string; readonly function?: Window['function'] }): Window {
  const width = Number.isFinite(window.width) && window.width > 0 ? window.width : 1;
  const center = Number.isFinite(window.center) ? window.center : 0;
  return { center, width, ...(window.explanation === undefined || window.explanation === '' ? {} : { explanation: window.explanation }), ...(window.function === undefined || window.function === 'LINEAR' ? {} : { function: window.function }) };
}
