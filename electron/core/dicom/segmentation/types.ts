/** A segmentation as it was read: PS3.3 A.51, C.8.20. */
import type { Rgb } from '../cielab.ts';
import type { PlaneGeometry } from '../image-plane.ts';
import type { Code } from '../types.ts';

export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly description: string;
  readonly algorithm: string;
  readonly algorithmName: string;
  readonly category: Code | null;
  readonly type: Code | null;
  readonly anatomy: readonly Code[];
  readonly colour: Rgb;
  readonly colourFrom: 'file' | 'chosen';
  readonly trackingId: string;
  /** Frames in which it may occur. */
  readonly frames: number;
}

export interface SegmentationFrame extends PlaneGeometry {
  /** Null in a labelmap, where the pixels say it. */
  readonly segment: number | null;
  /** Half the thickness that a frame stands for, mm. */
  readonly halfThicknessMm: number;
  /** Images that it was made from, by Derivation Image. `frame` from 0; null means all frames. */
  readonly sources: readonly { readonly sopInstanceUid: string; readonly frame: number | null }[];
}

export interface Segmentation {
  readonly type: 'binary' | 'fractional' | 'labelmap';
  readonly fractionalType: string;
  /** The stored value that stands for 1 in a fractional segmentation. */
  readonly largestFraction: number;
  readonly overlap: 'yes' | 'no' | 'unknown';
  readonly rows: number;
  readonly columns: number;
  readonly frameOfReferenceUid: string;
  readonly frames: readonly SegmentationFrame[];
  readonly segments: readonly Segment[];
  /** Labelmap: the pixel value of what belongs to no segment. */
  readonly background: number;
  /** False where it cannot be laid over images; `notices` say why. */
  readonly canOverlay: boolean;
  readonly notices: readonly string[];
}
