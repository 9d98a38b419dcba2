/** What a segmentation is written from. */
import type { PlaneSource } from '../multi-frame-write/planes.ts';
import type { NewObject } from '../multi-frame-write/header.ts';
import type { Code } from '../types.ts';

export interface SegmentAlgorithm {
  readonly type: 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';
  /** Segment Algorithm Name and the name in the identification; needed unless MANUAL. */
  readonly name?: string;
  readonly version?: string;
  /** Algorithm Family, CID 7162; artificial intelligence when left out. */
  readonly family?: Code;
  readonly source?: string;
  readonly parameters?: string;
}

export interface SegmentDescription {
  /** BINARY: 1, 2, 3 … without a gap. LABELMAP: any from 0 to 65535; the pixel value. */
  readonly number: number;
  readonly label: string;
  readonly description?: string;
  /** Segmented Property Category, CID 7150. */
  readonly category: Code;
  /** Segmented Property Type, CID 7151. */
  readonly propertyType: Code;
  readonly anatomicRegion?: Code;
  readonly algorithm: SegmentAlgorithm;
  /** Tracking ID and UID: both or none. */
  readonly tracking?: { readonly id: string; readonly uid: string };
  /** CIELab, encoded as 16-bit integers (PS3.3 C.10.7.1.1). */
  readonly displayCielab?: readonly [number, number, number];
}

export interface SegmentationOptions extends NewObject {
  readonly kind: 'BINARY' | 'LABELMAP';
  /** The images that were segmented, in any order: one plane each. All of one size and one study. */
  readonly sources: readonly PlaneSource[];
  readonly segments: readonly SegmentDescription[];
  /**
   * Row-major, on the sources' grid, one array a source. `labels`: segment numbers, 0 for none. `masks` (BINARY): for each segment number one array
   * of zeros and others a source, or null for an empty one; segments may then overlap.
   */
  readonly pixels:
    | { readonly labels: readonly (Uint8Array | Uint16Array)[] }
    | { readonly masks: ReadonlyMap<number, readonly (Uint8Array | null)[]> };
  /** BINARY: also write frames in which nothing is marked. Default false. */
  readonly keepEmptyFrames?: boolean;
}
