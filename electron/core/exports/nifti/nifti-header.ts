/** The 352 bytes before the voxels of a single-file NIfTI-1. */
import { NIFTI1 } from 'nifti-reader-js';
import { ScanloomError } from '#contract';
import type { Affine } from './affine.ts';
import { spacingAlong } from './affine.ts';

/** Header and the four bytes that say "no extension". */
export const headerBytes = 352;
const float32 = 16;
/** NIFTI_XFORM_SCANNER_ANAT. */
const scannerCoordinates = 1;
const millimetres = 2;
const largestDimension = 32767;

export interface NiftiShape {
  readonly columns: number;
  readonly rows: number;
  /** Null for a plain two-dimensional image. */
  readonly slices: number | null;
  /** Volumes one after the other; 1 for a single one. How far apart in time they are is not said. */
  readonly times: number;
  readonly affine: Affine | null;
  /** [row, column], used where there is no affine. */
  readonly pixelSpacingMm: readonly [number, number] | null;
  /** ASCII, at most 79 characters. */
  readonly description: string;
  /** ASCII, at most 15 characters. */
  readonly intentName: string;
}

/** @throws ScanloomError `export/invalid` for sizes that the format's 16-bit fields cannot hold */
export function niftiHeader(shape: NiftiShape): Uint8Array {
  if (Math.max(shape.columns, shape.rows, shape.slices ?? 1, shape.times) > largestDimension) throw new ScanloomError('export/invalid', `NIfTI-1 holds at most ${largestDimension} pixels a side.`);
  const header = new NIFTI1();
  header.littleEndian = true;
  header.dims = [shape.slices === null ? 2 : shape.times > 1 ? 4 : 3, shape.columns, shape.rows, shape.slices ?? 1, shape.times, 1, 1, 1];
  header.datatypeCode = float32;
  header.numBitsPerVoxel = 32;
  header.vox_offset = headerBytes;
  header.scl_slope = 1;
  header.scl_inter = 0;
  header.description = shape.description.slice(0, 79);
  header.intent_name = shape.intentName.slice(0, 15);
  header.magic = 'n+1\0';
  header.qform_code = 0;
  if (shape.affine !== null) {
    header.pixDims = [1, spacingAlong(shape.affine, 0), spacingAlong(shape.affine, 1), spacingAlong(shape.affine, 2), 0, 0, 0, 0];
    header.xyzt_units = millimetres;
    header.sform_code = scannerCoordinates;
    header.affine = [...shape.affine.map((row) => [...row]), [0, 0, 0, 1]];
  } else {
    // A spacing is known, a place is not: both form codes stay 0, which tells a reader so.
    const [row, column] = shape.pixelSpacingMm ?? [1, 1];
    header.pixDims = [1, column, row, 1, 0, 0, 0, 0];
    header.xyzt_units = shape.pixelSpacingMm === null ? 0 : millimetres;
    header.sform_code = 0;
    header.affine = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]];
  }
  return new Uint8Array(header.toArrayBuffer());
}

/** Null for what is no single-file NIfTI-1 header of float32 voxels. */
export function readNiftiHeader(bytes: Uint8Array): NIFTI1 | null {
  if (bytes.length < headerBytes) return null;
  try {
    const header = new NIFTI1();
    header.readHeader(bytes.slice(0, headerBytes).buffer);
    return header.littleEndian && header.datatypeCode === float32 && header.vox_offset === headerBytes && header.magic.startsWith('n+1') ? header : null;
  } catch {
    return null;
  }
}
