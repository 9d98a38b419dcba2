/**
 * A NIfTI file as the one multi-frame image that the rest of the program reads: a frame a slice, time point after time point.
 *
 * RAS becomes LPS. Rows and columns are turned the way a radiologist looks (towards left, towards the back, towards the feet) by
 * flipping and exchanging axes only: each voxel keeps its value and its place in the patient.
 */
import { ScanloomError } from '#contract/errors';
import { sha256Hex } from '#base';
import { DataSet, describeImage, type DicomFile, type FrameGeometry, type ImageHeader, type Orientation, type Vector3 } from '#dicom';
import { readNiftiHeader, type NiftiHeader } from './nifti-header.ts';

/** Multi-frame Secondary Capture: pixels without a modality's claims (PS3.3 A.8). Never written; a class for what has none. */
const sopClass = '1.2.840.10008.5.1.4.1.1.7.3';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
/** Cosines of two axes that may still be called perpendicular. */
const skewTolerance = 1e-3;

export interface NiftiImage {
  readonly file: DicomFile;
  readonly header: ImageHeader;
}

/**
 * @param bytes    The whole file, unpacked.
 * @param sha256   Of the file as it lies on the disk: makes UIDs that are the same wherever it lies.
 * @param name     The file's own name; it becomes the description.
 * @param modality What a file beside it says (`MR`, `CT`, `PT`), or `OT`.
 * @throws ScanloomError `dicom/…`
 */
export function readNifti(bytes: Uint8Array, sha256: string, name: string, modality: string): NiftiImage {
  const nifti = readNiftiHeader(bytes);
  const grid = gridOf(nifti);
  const dataset = new DataSet()
    .setString('SOPClassUID', sopClass).setString('SOPInstanceUID', uidOf(sha256, 'image')).setString('StudyInstanceUID', uidOf(sha256, 'study')).setString('SeriesInstanceUID', uidOf(sha256, 'series'))
    .setString('FrameOfReferenceUID', uidOf(sha256, 'frame of reference')).setString('Modality', modality).setString('ImageType', ['DERIVED', 'SECONDARY'])
    .setString('SeriesDescription', (nifti.description === '' ? name : `${name}: ${nifti.description}`).slice(0, 64)).setString('StudyDescription', `NIfTI ${name}`.slice(0, 64));
  const frames = nifti.slices * nifti.timePoints;
  const isRgb = nifti.voxel.type === 'rgb';
  const bits = isRgb ? 8 : nifti.voxel.bytes * 8;
  const isFloat = nifti.voxel.type === 'float32' || nifti.voxel.type === 'float64';
  const isSigned = nifti.voxel.type.startsWith('int');
  dataset
    .setNumber('SamplesPerPixel', isRgb ? 3 : 1).setString('PhotometricInterpretation', isRgb ? 'RGB' : 'MONOCHROME2').setNumber('NumberOfFrames', frames)
    .setNumber('Rows', grid.rows).setNumber('Columns', grid.columns).setNumber('BitsAllocated', bits);
  if (isRgb) dataset.setNumber('PlanarConfiguration', 0);
  if (!isFloat) dataset.setNumber('BitsStored', bits).setNumber('HighBit', bits - 1).setNumber('PixelRepresentation', isSigned ? 1 : 0);
  const pixels = arrangedVoxels(bytes, nifti, grid);
  dataset.setBytes(isFloat ? (bits === 32 ? 'FloatPixelData' : 'DoubleFloatPixelData') : 'PixelData', isFloat ? (bits === 32 ? 'OF' : 'OD') : bits > 8 ? 'OW' : 'OB', pixels);
  const file: DicomFile = { meta: new DataSet(), dataset, transferSyntaxUid: explicitLittleEndian, notices: [], pixelDataSkipped: false };
  return { file, header: headerOf(describeImage(file), nifti, grid) };
}

/** How the file's axes become rows and columns. */
interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** The file's axis (0 = i, 1 = j) that runs along a row. */
  readonly across: 0 | 1;
  readonly flipAcross: boolean;
  readonly flipDown: boolean;
  readonly spacingMm: readonly [number, number] | null;
  readonly orientation: Orientation | null;
  /** Of slice k, LPS. */
  positionOf(slice: number): Vector3 | null;
  readonly sliceMm: number | null;
}

function gridOf(nifti: NiftiHeader): Grid {
  const sizes = [nifti.columns, nifti.rows] as const;
  const sizeMm = (mm: number): number | null => (mm > 0 && Number.isFinite(mm) ? mm : null);
  const [iMm, jMm] = [sizeMm(nifti.voxelMm[0]), sizeMm(nifti.voxelMm[1])];
  // In RAS order the first row of a picture is its bottom; so it is shown where nothing is known, as other NIfTI programs do.
  const unplaced: Grid = {
    rows: sizes[1], columns: sizes[0], across: 0, flipAcross: false, flipDown: true, spacingMm: iMm === null || jMm === null ? null : [jMm, iMm], orientation: null, positionOf: () => null, sliceMm: sizeMm(nifti.voxelMm[2]),
  };
  if (nifti.affine === null) return unplaced;
  const column = (index: number): Vector3 => [-nifti.affine![0]![index]!, -nifti.affine![1]![index]!, nifti.affine![2]![index]!];
  const unit = (vector: Vector3): Vector3 => scaled(vector, 1 / Math.hypot(...vector));
  const steps = [column(0), column(1), column(2)] as const;
  const origin = column(3);
  const units = [unit(steps[0]), unit(steps[1])] as const;
  // Axes that are not at right angles cannot be said in row and column cosines: then only the pixels are kept.
  if (Math.abs(units[0][0] * units[1][0] + units[0][1] * units[1][1] + units[0][2] * units[1][2]) > skewTolerance) return unplaced;
  const mainAxis = (vector: Vector3): number => vector.reduce((best, value, axis) => (Math.abs(value) > Math.abs(vector[best]!) ? axis : best), 0);
  // Along a row to the left, or to the back where left is the slice axis; down a column to the back, or to the feet.
  const axes = [mainAxis(units[0]), mainAxis(units[1])] as const;
  const across = axes[0] <= axes[1] ? 0 : 1;
  const down = across === 0 ? 1 : 0;
  const wanted = (axis: number): number => (axis === 2 ? -1 : 1);
  const isAgainst = (index: 0 | 1): boolean => units[index][axes[index]]! * wanted(axes[index]) < 0;
  const flipAcross = isAgainst(across);
  const flipDown = isAgainst(down);
  const first = (index: 0 | 1, flip: boolean): Vector3 => (flip ? scaled(steps[index], sizes[index] - 1) : [0, 0, 0]);
  const corner = sum(origin, sum(first(across, flipAcross), first(down, flipDown)));
  const row = scaled(units[across], flipAcross ? -1 : 1);
  const columnCosines = scaled(units[down], flipDown ? -1 : 1);
  return {
    rows: sizes[down], columns: sizes[across], across, flipAcross, flipDown,
    spacingMm: [Math.hypot(...steps[down]), Math.hypot(...steps[across])],
    orientation: [...row, ...columnCosines] as unknown as Orientation,
    positionOf: (slice) => sum(corner, scaled(steps[2], slice)),
    sliceMm: Math.hypot(...steps[2]),
  };
}

function sum(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function scaled(vector: Vector3, factor: number): Vector3 {
  // Without the negative zeros that flipping makes.
  return [vector[0] * factor + 0, vector[1] * factor + 0, vector[2] * factor + 0];
}

/** Voxels in the order of the grid, little endian. */
function arrangedVoxels(bytes: Uint8Array, nifti: NiftiHeader, grid: Grid): Uint8Array {
  const { bytes: size, type } = nifti.voxel;
  const frameVoxels = nifti.columns * nifti.rows;
  const frames = nifti.slices * nifti.timePoints;
  const out = new Uint8Array(frameVoxels * frames * size + ((frameVoxels * frames * size) % 2));
  const swap = !nifti.littleEndian && size > 1 && type !== 'rgb';
  const [acrossStep, downStep] = grid.across === 0 ? [1, nifti.columns] : [nifti.columns, 1];
  const start = (grid.flipAcross ? (grid.columns - 1) * acrossStep : 0) + (grid.flipDown ? (grid.rows - 1) * downStep : 0);
  const stepAcross = grid.flipAcross ? -acrossStep : acrossStep;
  const stepDown = grid.flipDown ? -downStep : downStep;
  let to = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const base = frame * frameVoxels + start;
    for (let row = 0; row < grid.rows; row += 1) {
      let from = nifti.offset + (base + row * stepDown) * size;
      for (let column = 0; column < grid.columns; column += 1) {
        if (swap) for (let byte = 0; byte < size; byte += 1) out[to + byte] = bytes[from + size - 1 - byte]!;
        else for (let byte = 0; byte < size; byte += 1) out[to + byte] = bytes[from + byte]!;
        to += size;
        from += stepAcross * size;
      }
    }
  }
  return out;
}

function headerOf(described: ImageHeader, nifti: NiftiHeader, grid: Grid): ImageHeader {
  const rescale = nifti.scale === null ? null : { ...nifti.scale, type: '' };
  const framesGeometry = Array.from({ length: nifti.slices * nifti.timePoints }, (_, frame): FrameGeometry => ({
    position: grid.positionOf(frame % nifti.slices),
    orientation: grid.orientation,
    pixelSpacingMm: grid.spacingMm,
    sliceThicknessMm: grid.sliceMm,
    rescale,
    window: null,
    temporalPosition: nifti.timePoints > 1 ? Math.floor(frame / nifti.slices) + 1 : null,
    echoTime: null,
    diffusionBValue: null,
    stackId: null,
    segmentNumber: null,
    dimensionIndex: [],
  }));
  return {
    ...described,
    sourceFormat: 'nifti',
    pixelSpacingMm: grid.spacingMm,
    sliceThicknessMm: grid.sliceMm,
    position: grid.positionOf(0),
    orientation: grid.orientation,
    rescale,
    framesGeometry,
  };
}

/** The same file has the same UIDs wherever it lies and whenever it is read (PS3.5 B.2: any 128 bits). */
function uidOf(sha256: string, what: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ScanloomError('internal', 'Something went wrong inside Scanloom.');
  return `2.25.${BigInt(`0x${sha256Hex(`scanloom nifti ${what} ${sha256}`).slice(0, 32)}`)}`;
}
