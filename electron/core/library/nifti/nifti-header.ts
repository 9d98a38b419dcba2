/** The header of a NIfTI-1 or NIfTI-2 file, believed only as far as it makes sense. Coordinates here are NIfTI's: RAS, mm. */
import { readHeader, type NIFTI1, type NIFTI2 } from 'nifti-reader-js';
import { ScanloomError } from '#contract/errors';

/** Voxel types (nifti1.h, DT_…) that an image can be made of; bytes a voxel. */
const voxelTypes = {
  2: { name: 'uint8', bytes: 1 }, 256: { name: 'int8', bytes: 1 }, 4: { name: 'int16', bytes: 2 }, 512: { name: 'uint16', bytes: 2 }, 8: { name: 'int32', bytes: 4 },
  768: { name: 'uint32', bytes: 4 }, 16: { name: 'float32', bytes: 4 }, 64: { name: 'float64', bytes: 8 }, 128: { name: 'rgb', bytes: 3 },
} as const;
export type VoxelType = (typeof voxelTypes)[keyof typeof voxelTypes]['name'];

/** Frames of one image id: six digits (see image-ids). */
const mostFrames = 1_000_000;
const headerBytes = { 1: 352, 2: 540 } as const;
const metresOf: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };

export interface NiftiHeader {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly timePoints: number;
  readonly voxel: { readonly type: VoxelType; readonly bytes: number };
  readonly littleEndian: boolean;
  /** Where voxels begin. */
  readonly offset: number;
  /** Null where the file states none (a slope of 0). */
  readonly scale: { readonly slope: number; readonly intercept: number } | null;
  /** Three rows of four: voxel index to RAS mm, by sform where there is one, else qform; null where the file states neither. */
  readonly affine: readonly (readonly [number, number, number, number])[] | null;
  /** [i, j, k], mm, as pixdim says. */
  readonly voxelMm: readonly [number, number, number];
  readonly description: string;
}

/** 1 or 2 for the start of a single-file NIfTI, else null. Pairs (.hdr and .img) are not read. */
export function niftiVersion(head: Uint8Array): 1 | 2 | null {
  if (head.byteLength < 352) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const size = [view.getInt32(0, true), view.getInt32(0, false)];
  const magic = (at: number): string => String.fromCharCode(...head.subarray(at, at + 3));
  if (size.includes(348) && magic(344) === 'n+1') return 1;
  return size.includes(540) && magic(4) === 'n+2' ? 2 : null;
}

/**
 * @param bytes The whole file, unpacked.
 * @throws ScanloomError `dicom/invalid`, `dicom/unsupported`, `dicom/truncated`
 */
export function readNiftiHeader(bytes: Uint8Array): NiftiHeader {
  const version = niftiVersion(bytes);
  if (version === null) throw new ScanloomError('dicom/not-dicom', 'This is not a NIfTI file.');
  // The header alone: what the reader would make of a hostile extension is not our concern.
  const head = bytes.slice(0, headerBytes[version]);
  let raw: NIFTI1 | NIFTI2;
  try {
    raw = readHeader(head.buffer);
  } catch (thrown) {
    throw new ScanloomError('dicom/invalid', 'The header of the NIfTI file is damaged.', { cause: thrown });
  }
  const [columns, rows, slices, timePoints] = sizesOf(raw);
  const voxel = (voxelTypes as Readonly<Record<number, { name: VoxelType; bytes: number }>>)[raw.datatypeCode];
  if (voxel === undefined) throw new ScanloomError('dicom/unsupported', `NIfTI files with voxels of type ${raw.datatypeCode} cannot be shown.`, { hint: 'Whole numbers up to 32 bits, float, double and RGB are read.' });
  const offset = Math.round(raw.vox_offset);
  const needed = columns * rows * slices * timePoints * voxel.bytes;
  if (!(offset >= headerBytes[version]) || offset > bytes.byteLength) throw new ScanloomError('dicom/invalid', 'The header of the NIfTI file says that its voxels begin where there are none.');
  if (offset + needed > bytes.byteLength) throw new ScanloomError('dicom/truncated', 'The NIfTI file is cut off: it holds fewer voxels than its header says.', { hint: 'It was probably not copied completely.' });
  const unit = metresOf[raw.xyzt_units & 7] ?? 1;
  const usable = Number.isFinite(raw.scl_slope) && raw.scl_slope !== 0 && Number.isFinite(raw.scl_inter);
  const sizeMm = (axis: number): number => Math.abs(raw.pixDims[axis] ?? 0) * unit;
  return {
    columns, rows, slices, timePoints,
    voxel: { type: voxel.name, bytes: voxel.bytes },
    littleEndian: raw.littleEndian,
    offset,
    scale: usable ? { slope: raw.scl_slope, intercept: raw.scl_inter } : null,
    affine: affineOf(raw, version, head, unit),
    voxelMm: [sizeMm(1), sizeMm(2), sizeMm(3)],
    description: [...raw.description].filter((character) => character.charCodeAt(0) >= 32).join('').trim(),
  };
}

function sizesOf(raw: NIFTI1 | NIFTI2): [number, number, number, number] {
  const count = Number(raw.dims[0]);
  const size = (axis: number): number => (axis <= count ? Number(raw.dims[axis]) : 1);
  const sizes = [1, 2, 3, 4, 5, 6, 7].map(size);
  if (!(count >= 2 && count <= 7) || sizes.some((n) => !Number.isInteger(n) || n < 1)) throw new ScanloomError('dicom/invalid', 'The header of the NIfTI file does not say how large its image is.');
  const [columns, rows, slices, timePoints, ...more] = sizes as [number, number, number, number, ...number[]];
  if (more.some((n) => n > 1)) throw new ScanloomError('dicom/unsupported', 'The NIfTI file holds vectors or more than four dimensions; only images over space and time are read.');
  if (columns > 65535 || rows > 65535 || slices * timePoints > mostFrames) throw new ScanloomError('dicom/too-large', 'The NIfTI image is larger than can be shown.');
  return [columns, rows, slices, timePoints];
}

/** As nibabel and the standard's own words have it: sform wins over qform; without either a place in the patient is not known. */
function affineOf(raw: NIFTI1 | NIFTI2, version: 1 | 2, head: Uint8Array, unit: number): NiftiHeader['affine'] {
  const rows = raw.sform_code > 0 ? sform(version, head, raw.littleEndian) : raw.qform_code > 0 ? qform(raw) : null;
  if (rows === null || rows.flat().some((value) => !Number.isFinite(value))) return null;
  // Columns of no length point nowhere.
  const hasLength = [0, 1, 2].every((column) => Math.hypot(...rows.map((row) => row[column]!)) > 0);
  return hasLength ? rows.map((row) => row.map((value) => value * unit) as [number, number, number, number]) : null;
}

/** Read here because the reader's own `affine` is that of the qform in some files that have both. */
function sform(version: 1 | 2, head: Uint8Array, littleEndian: boolean): number[][] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const value = (index: number): number => (version === 1 ? view.getFloat32(280 + index * 4, littleEndian) : view.getFloat64(400 + index * 8, littleEndian));
  return [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => value(row * 4 + column)));
}

/** nifti1.h, method 2. */
function qform(raw: NIFTI1 | NIFTI2): number[][] {
  const { quatern_b: b, quatern_c: c, quatern_d: d } = raw;
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const qfac = (raw.pixDims[0] ?? 0) < 0 ? -1 : 1;
  const [x, y, z] = [1, 2, 3].map((axis) => raw.pixDims[axis] ?? 0) as [number, number, number];
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ] as const;
  const offsets = [raw.qoffset_x, raw.qoffset_y, raw.qoffset_z];
  return rotation.map((row, index) => [row[0] * x, row[1] * y, row[2] * z * qfac, offsets[index]!]);
}
