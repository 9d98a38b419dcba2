/** Shapes of the face part. Volumes are `[slice, row, column]`; patient space is LPS, mm. */
import type { Orientation } from '#dicom';

/** A volume in modality units (HU for CT), evenly sampled, one time point. */
export interface HeadVolume {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  /** `[slice, row, column]`, row-major. */
  readonly values: Float32Array;
  /** `[slice, row, column]`, mm. */
  readonly spacingMm: readonly [number, number, number];
  readonly orientation: Orientation;
  readonly modality: string;
}

export interface FaceRisk {
  /** `high`: a face can be drawn from it. `possible`: perhaps; look. `none`: nothing speaks for it. */
  readonly level: 'high' | 'possible' | 'none';
  /** Sentences for people, without values of the object. */
  readonly reasons: readonly string[];
  /** It is said to show a head: then `possible` is no guess about the part of the body. */
  readonly saysHead: boolean;
}

/** How a defacing went, or why it was not done. */
export type DefaceOutcome =
  | {
      readonly kind: 'defaced';
      /** 1 where a voxel was set to air, `[slice, row, column]`. */
      readonly changed: Uint8Array;
      readonly changedVoxels: number;
      /** Of all voxels of the volume. */
      readonly changedShare: number;
      /** Deepest change behind the skin, along a line from the front, mm. */
      readonly deepestMm: number;
      /** What changed voxels were set to, modality units. */
      readonly air: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };
