/** Multi-frame images with functional groups that can be derived from, and what their frames are called (PS3.3 A.36, A.38, A.56, A.70, A.71). */
const storage = '1.2.840.10008.5.1.4.1.1';

export interface EnhancedKind {
  readonly modality: 'CT' | 'MR' | 'PT';
  /** The functional group that repeats Image Type for each frame. */
  readonly frameType: string;
  /** Converted from single frames: Image Type and frame types say less (C.7.6.16.2.22.3). */
  readonly isConverted: boolean;
}

const enhancedKinds: Readonly<Record<string, EnhancedKind | undefined>> = {
  [`${storage}.2.1`]: { modality: 'CT', frameType: 'CTImageFrameTypeSequence', isConverted: false },
  [`${storage}.4.1`]: { modality: 'MR', frameType: 'MRImageFrameTypeSequence', isConverted: false },
  [`${storage}.130`]: { modality: 'PT', frameType: 'PETFrameTypeSequence', isConverted: false },
  [`${storage}.2.2`]: { modality: 'CT', frameType: 'CTImageFrameTypeSequence', isConverted: true },
  [`${storage}.4.4`]: { modality: 'MR', frameType: 'MRImageFrameTypeSequence', isConverted: true },
  [`${storage}.128.1`]: { modality: 'PT', frameType: 'PETFrameTypeSequence', isConverted: true },
};

/** Null for classes that are not enhanced multi-frame images. */
export function enhancedKindOf(sopClassUid: string): EnhancedKind | null {
  return enhancedKinds[sopClassUid] ?? null;
}

export function isEnhanced(sopClassUid: string): boolean {
  return enhancedKinds[sopClassUid] !== undefined;
}
