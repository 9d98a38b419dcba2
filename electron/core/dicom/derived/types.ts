/** What every derived object is told, whatever its kind; the options of each kind add to it. */
import type { Code, DicomFile, Equipment, Vector3 } from '../types.ts';

export interface DerivedIdentity {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly seriesNumber: number;
  readonly instanceNumber: number;
  readonly seriesDescription: string;
  readonly derivation: { readonly description: string; readonly codes: readonly Code[] };
  readonly contentDate: Date;
  readonly equipment: Equipment;
  /** In-plane magnification; 1 for the same grid. */
  readonly factor: number;
  /** True (default) marks Synthetic Data YES: a model drew the pixels. False for resampling without a model. */
  readonly synthetic?: boolean;
}

export interface SourceReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** From 1, as the standard counts; for sources of several frames. */
  readonly frameNumber?: number;
}

/** One image that is derived from one. */
export interface DerivedOptions extends DerivedIdentity {
  /** The source, read with its pixels' header (pixel data itself is not used). */
  readonly source: DicomFile;
  /** Modality units (HU for CT; stored × slope + intercept for others), row-major `[row, column]`. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Of the new grid; see upscaledGeometry. Absent for images without geometry. */
  readonly geometry: { readonly position?: Vector3; readonly spacingMm?: readonly [number, number] };
  /** None where the source was no DICOM object. */
  readonly sources: readonly SourceReference[];
  /**
   * Of the new series, which has one (PS3.3 C.7.4.1). The source's own when left out; to be given where the images of the source series
   * name different ones although they are one stack (assembleSeries says so in a notice): then the first image's, for all.
   */
  readonly frameOfReferenceUid?: string;
}

/** One frame of a multi-frame object that is derived. */
export interface DerivedFrame {
  readonly source: DicomFile;
  /** From 0. */
  readonly sourceFrame: number;
  /** Modality units, row-major. Asked for twice, and not kept: a series does not have to fit into memory as floats. */
  readonly values: () => Promise<Float32Array> | Float32Array;
  /** Centre of the new grid's first pixel. */
  readonly position: readonly [number, number, number];
  /** [row, column], mm. */
  readonly spacingMm: readonly [number, number];
}

export interface DerivedFramesOptions extends DerivedIdentity {
  /** In the order they are written; all from objects of one series and one SOP class. */
  readonly frames: readonly DerivedFrame[];
  readonly rows: number;
  readonly columns: number;
  /** See `DerivedOptions.frameOfReferenceUid`. */
  readonly frameOfReferenceUid?: string;
}

/** Pixels of a Secondary Capture: grey in modality units, or RGB of 8 bits, interleaved. */
export type CapturePixels = { readonly grey: Float32Array } | { readonly rgb: Uint8Array };

export interface SecondaryCaptureOptions extends DerivedIdentity {
  readonly source: DicomFile;
  readonly pixels: CapturePixels;
  readonly rows: number;
  readonly columns: number;
  readonly sources: readonly SourceReference[];
}
