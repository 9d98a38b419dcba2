/** What an image is beside its geometry: localizers, dose pages and mosaics do not belong among the slices of a stack. */
import type { ImageHeader, Oddity } from '../types.ts';

const secondaryCapture = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;
/** Modalities whose images have a place in the patient. */
const crossSectional = new Set(['CT', 'MR', 'PT']);

export type ImageKind = 'image' | 'localizer' | 'dose-report' | 'mosaic';

export function kindOf(header: ImageHeader): ImageKind {
  // The description is the file's name there, and nobody's statement.
  if (header.sourceFormat === 'nifti') return 'image';
  const type = header.imageType.map((value) => value.toUpperCase());
  const words = `${header.seriesDescription} ${header.protocolName}`.toLowerCase();
  if (type.includes('MOSAIC')) return 'mosaic';
  if (type.includes('LOCALIZER') || /\b(locali[sz]er|scout|topogram|scanogram|surview|survey|3[- ]?plane loc)\b/.test(words)) return 'localizer';
  const isCapture = secondaryCapture.test(header.sopClassUid) || type.includes('SCREEN SAVE');
  if (isCapture && (/dose|exam summary|summary series|patient protocol/.test(words) || type.includes('DOSE') || type.includes('DOSE_INFO'))) return 'dose-report';
  return 'image';
}

/** Oddities that one image has by itself. */
export function imageOddities(header: ImageHeader, hasGeometry: boolean): Oddity[] {
  const oddities: Oddity[] = [];
  const kind = kindOf(header);
  if (kind !== 'image') oddities.push(kind);
  if (header.framesGeometry !== null && header.frames > 1 && header.sourceFormat === undefined) oddities.push('enhanced-multi-frame');
  if (!hasGeometry && kind !== 'dose-report' && (crossSectional.has(header.modality) || header.sourceFormat === 'nifti')) oddities.push('no-geometry');
  if (header.burnedInAnnotation === 'YES') oddities.push('burned-in-text');
  if (header.lossy) oddities.push('lossy');
  if (header.syntheticData === 'YES') oddities.push('synthetic');
  if (header.samplesPerPixel > 1 || header.photometricInterpretation === 'PALETTE COLOR') oddities.push('colour');
  return oddities;
}
