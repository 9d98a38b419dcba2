/** Small items made in memory, with a true ledger: a CT series, an oblique MR series, synthetic images. For tests of any format. */
import { createHash } from 'node:crypto';
import { sha256Hex } from '#base';
import type { ImageMeta, Item, LedgerEntry, Manifest, StartJob } from '#contract';
import { DataSet, upscaledGeometry, type DicomFile, type Orientation } from '#dicom';
import { ledgerHash } from '#library';
import type { ExportSource } from '../types.ts';

export interface Fakes {
  readonly sources: ExportSource[];
  readonly ledger: LedgerEntry[];
}

const packageSha256 = 'ab'.repeat(32);
const at = '2026-01-02T03:04:05.000Z';

function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface SeriesShape {
  readonly modality: 'CT' | 'MR';
  readonly frames: number;
  /** Of the source. */
  readonly rows: number;
  readonly columns: number;
  readonly orientation: Orientation;
  readonly spacingMm: readonly [number, number];
  /** Distance of slice n along the normal, mm. */
  readonly along: (slice: number) => number;
}

export const axialCt: SeriesShape = { modality: 'CT', frames: 4, rows: 24, columns: 20, orientation: [1, 0, 0, 0, 1, 0], spacingMm: [0.8, 0.75], along: (slice) => slice * 2.5 };
export const obliqueMr: SeriesShape = { modality: 'MR', frames: 3, rows: 18, columns: 22, orientation: [0.6, 0.8, 0, 0, 0, -1], spacingMm: [0.7, 0.66], along: (slice) => slice * 1.2 };
/** No single affine is true of these. */
export const unevenCt: SeriesShape = { ...axialCt, along: (slice) => slice * slice * 2 };

/** Waves and an edge; CT in HU with parts of one, MR without unit. */
function enhancedValues(shape: SeriesShape, frame: number): Float32Array {
  const columns = shape.columns * 2;
  return Float32Array.from({ length: shape.rows * 2 * columns }, (_, i) => {
    const x = i % columns;
    const y = Math.floor(i / columns);
    const wave = Math.sin(x / 3 + frame) * Math.cos(y / 4) + (x > columns / 2 ? 1 : 0);
    return shape.modality === 'CT' ? wave * 400 - 200.3 : (wave + 1) * 300 + 0.25;
  });
}

function sourceValues(shape: SeriesShape, frame: number): Float32Array {
  const large = enhancedValues(shape, frame);
  return Float32Array.from({ length: shape.rows * shape.columns }, (_, i) => large[Math.floor(i / shape.columns) * 2 * shape.columns * 2 + (i % shape.columns) * 2]!);
}

function sourceMeta(shape: SeriesShape, frame: number): ImageMeta {
  const [xx, xy, xz, yx, yy, yz] = shape.orientation;
  const normal = [xy * yz - xz * yy, xz * yx - xx * yz, xx * yy - xy * yx];
  const distance = shape.along(frame);
  const uid = `1.2.826.0.1.3680043.10.1.${shape.modality === 'CT' ? 1 : 2}.${frame + 1}`;
  return {
    imageId: uid, sopInstanceUid: uid, frame: 0, instanceNumber: frame + 1, rows: shape.rows, columns: shape.columns, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2',
    pixelSpacingMm: [...shape.spacingMm], position: [-100 + normal[0]! * distance, -120.5 + normal[1]! * distance, 40.25 + normal[2]! * distance], orientation: [...shape.orientation],
    positionAlongNormalMm: distance, sliceThicknessMm: 1, rescale: { slope: 1, intercept: shape.modality === 'CT' ? -1024 : 0 }, unit: shape.modality === 'CT' ? 'HU' : '',
    window: shape.modality === 'CT' ? { center: 40, width: 400 } : { center: 500, width: 1000 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
  };
}

/** What a scanner would have written, without pixels. */
function sourceFile(shape: SeriesShape, meta: ImageMeta): DicomFile {
  const dataset = new DataSet();
  const series = shape.modality === 'CT' ? '1.2.826.0.1.3680043.10.2.1' : '1.2.826.0.1.3680043.10.2.2';
  const texts: Record<string, string | string[]> = {
    SOPClassUID: shape.modality === 'CT' ? '1.2.840.10008.5.1.4.1.1.2' : '1.2.840.10008.5.1.4.1.1.4', SOPInstanceUID: meta.sopInstanceUid, StudyInstanceUID: '1.2.826.0.1.3680043.10.3', SeriesInstanceUID: series,
    FrameOfReferenceUID: '1.2.826.0.1.3680043.10.4', ImageType: ['ORIGINAL', 'PRIMARY', shape.modality === 'CT' ? 'AXIAL' : 'OTHER'], Modality: shape.modality, Manufacturer: 'Phantom Works', ManufacturerModelName: 'P1',
    PatientName: 'Phantom^One', PatientID: 'P-1', PatientBirthDate: '', PatientSex: 'O', StudyDate: '20260101', StudyTime: '120000', StudyID: '1', AccessionNumber: '', ReferringPhysicianName: '',
    SeriesDescription: `Phantom ${shape.modality}`, BodyPartExamined: 'HEAD', PatientPosition: 'HFS', PhotometricInterpretation: 'MONOCHROME2', PositionReferenceIndicator: '', AcquisitionNumber: '1', KVP: '120',
    ScanningSequence: 'SE', SequenceVariant: 'NONE', ScanOptions: '', MRAcquisitionType: '2D', EchoTime: '10', RepetitionTime: '500', EchoTrainLength: '1',
  };
  for (const [keyword, value] of Object.entries(texts)) {
    const ct = shape.modality === 'CT';
    if (ct && ['ScanningSequence', 'SequenceVariant', 'ScanOptions', 'MRAcquisitionType', 'EchoTime', 'RepetitionTime', 'EchoTrainLength'].includes(keyword)) continue;
    if (!ct && keyword === 'KVP') continue;
    dataset.setString(keyword, value);
  }
  const numbers: Record<string, number | number[]> = {
    SeriesNumber: 2, InstanceNumber: meta.instanceNumber ?? 1, Rows: meta.rows, Columns: meta.columns, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12, HighBit: 11, PixelRepresentation: 0,
    PixelSpacing: [...meta.pixelSpacingMm!], ImagePositionPatient: [...meta.position!], ImageOrientationPatient: [...meta.orientation!], SliceThickness: meta.sliceThicknessMm!,
    ...(shape.modality === 'CT' ? { RescaleSlope: 1, RescaleIntercept: -1024 } : {}),
  };
  for (const [keyword, value] of Object.entries(numbers)) dataset.setNumber(keyword, value);
  return { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: true };
}

interface Making {
  readonly ledger: LedgerEntry[];
}

function append(making: Making, kind: LedgerEntry['kind'], body: Record<string, unknown>): LedgerEntry {
  const previous = making.ledger.at(-1);
  const unhashed = { index: making.ledger.length, at, kind, body, previousHash: previous?.hash ?? '0'.repeat(64) };
  const entry = { ...unhashed, hash: ledgerHash(unhashed) };
  making.ledger.push(entry);
  return entry;
}

function ledgerFor(making: Making, fields: { itemId: string; provenance: Item['provenance']; class: string | null; packageId: string; title: string; settings: StartJob; frames: readonly Float32Array[] }): LedgerEntry {
  return append(making, 'item', {
    itemId: fields.itemId, provenance: fields.provenance, title: fields.title, class: fields.class, settings: fields.settings, package: { id: fields.packageId, version: '1.0.0', manifestSha256: packageSha256 },
    blobs: fields.frames.map((values) => sha256Hex(new Uint8Array(values.buffer))),
  });
}

function enhanced(making: Making, shape: SeriesShape, name: string): ExportSource {
  const itemId = uuid(name);
  const before = Array.from({ length: shape.frames }, (_, frame) => sourceMeta(shape, frame));
  const settings: StartJob = { task: 'upscale', packageId: 'sr-gan-x2', device: 'cpu', seriesUids: ['1.2.826.0.1.3680043.10.2.1'], factor: 2 };
  const ledgerEntry = ledgerFor(making, { itemId, provenance: 'enhanced', class: null, packageId: 'sr-gan-x2', title: `Phantom ${shape.modality} ×2`, settings, frames: before.map((_, frame) => enhancedValues(shape, frame)) });
  const images = before.map((meta) => {
    const geometry = upscaledGeometry({ position: meta.position!, orientation: meta.orientation!, spacingMm: meta.pixelSpacingMm! }, 2);
    return { ...meta, rows: meta.rows * 2, columns: meta.columns * 2, position: [...geometry.position] as [number, number, number], pixelSpacingMm: [...geometry.spacingMm] as [number, number], rescale: { slope: 1, intercept: 0 } };
  });
  return {
    item: {
      itemId, jobId: uuid('job'), index: 0, provenance: 'enhanced', title: `Phantom ${shape.modality} ×2`, packageId: 'sr-gan-x2', packageVersion: '1.0.0', frames: shape.frames, rows: shape.rows * 2, columns: shape.columns * 2,
      modality: shape.modality, class: null, seed: null, sourceSeriesUid: '1.2.826.0.1.3680043.10.2.1', createdAt: at, ledgerIndex: ledgerEntry.index, ledgerHash: ledgerEntry.hash,
      measures: [{ name: 'consistency-rmse', value: 3.21, unit: shape.modality === 'CT' ? 'HU' : '', method: 'shrunk back' }], decision: null, reason: null, note: '',
    },
    images,
    sourceImageIds: before.map((meta) => meta.imageId),
    frame: (index) => Promise.resolve(enhancedValues(shape, index)),
    sourceFile: (index) => Promise.resolve(sourceFile(shape, before[index]!)),
    sourceFrame: (index) => Promise.resolve({ values: sourceValues(shape, index), rows: shape.rows, columns: shape.columns }),
    manifest: null,
    packageSha256,
    ledgerEntry,
    settings,
  };
}

const synthesizeManifest: Manifest = {
  schema: 1, id: 'brain-t1c-diffusion', version: '1.0.0', title: 'Brain T1c', licence: 'Apache-2.0', summary: 'Makes brains.', researchOnly: true, parameters: 1,
  figures: [{ name: 'KID', value: 0.0123, interval: [0.01, 0.015], method: 'unbiased, <features> of a classifier', data: 'brains', split: 'val' }],
  training: { data: [], recipe: 'recipe', seed: 1, torch: '2', steps: 1, date: '2026-01-01' }, card: 'CARD.md', samples: 'samples.png', task: 'synthesize',
  graphs: { denoiser: { file: 'd.onnx', sha256: packageSha256, sizeBytes: 1 }, decoder: { file: 'e.onnx', sha256: packageSha256, sizeBytes: 1 } },
  synthesize: {
    rows: 32, columns: 32, pixelSpacingMm: 1.5, modality: 'MR', bodyPart: 'BRAIN', contrast: 'T1 post-contrast', plane: 'axial', classes: ['glioma', 'meningioma'], nullClass: 2, latent: { channels: 4, rows: 4, columns: 4 },
    schedule: { type: 'cosine', trainSteps: 1000, s: 0.008, betaMax: 0.999 }, prediction: 'v', defaults: { steps: 20, guidance: 2, sampler: 'ddim' }, limits: { steps: [1, 100], guidance: [0, 10], count: [1, 100] },
  },
};

/** A bright spot that fades to nothing, 0…1. */
function syntheticValues(): Float32Array {
  return Float32Array.from({ length: 1024 }, (_, i) => Math.max(0, 1 - Math.hypot((i % 32) - 15.5, Math.floor(i / 32) - 15.5) / 16));
}

function synthetic(making: Making, name: string, tumour: string, decision: Item['decision']): ExportSource {
  const itemId = uuid(name);
  const settings: StartJob = { task: 'synthesize', packageId: 'brain-t1c-diffusion', device: 'cpu', class: tumour, count: 1, seed: 7, steps: 20, guidance: 2 };
  const ledgerEntry = ledgerFor(making, { itemId, provenance: 'synthetic', class: tumour, packageId: 'brain-t1c-diffusion', title: `${tumour} 1`, settings, frames: [syntheticValues()] });
  if (decision !== null) append(making, 'decision', { itemId, itemLedgerHash: ledgerEntry.hash, decisionSeq: making.ledger.length, action: 'decide', decision, reason: null, note: '', reader: 'reader-1' });
  return {
    item: {
      itemId, jobId: uuid('job-2'), index: 0, provenance: 'synthetic', title: `${tumour} 1`, packageId: 'brain-t1c-diffusion', packageVersion: '1.0.0', frames: 1, rows: 32, columns: 32, modality: 'MR', class: tumour, seed: 7,
      sourceSeriesUid: null, createdAt: at, ledgerIndex: ledgerEntry.index, ledgerHash: ledgerEntry.hash, measures: [], decision, reason: null, note: '',
    },
    images: [{ ...sourceMeta(obliqueMr, 0), imageId: '0', sopInstanceUid: '0', rows: 32, columns: 32, pixelSpacingMm: [1.5, 1.5], position: null, orientation: null, positionAlongNormalMm: null, sliceThicknessMm: null, window: { center: 0.5, width: 1 } }],
    sourceImageIds: [null],
    frame: () => Promise.resolve(syntheticValues()),
    sourceFile: () => Promise.resolve(null),
    sourceFrame: () => Promise.resolve(null),
    manifest: synthesizeManifest,
    packageSha256,
    ledgerEntry,
    settings,
  };
}

/** Series of the given shapes, something that is not exported between them, then two synthetic images (one accepted, one undecided). */
export function fakeSources(shapes: readonly SeriesShape[] = [axialCt, obliqueMr]): Fakes {
  const making: Making = { ledger: [] };
  const first = shapes.map((shape, n) => enhanced(making, shape, `series ${n} ${shape.modality}`));
  synthetic(making, 'of somebody else', 'pituitary', 'rejected');
  return { sources: [...first, synthetic(making, 'one', 'glioma', 'accepted'), synthetic(making, 'two', 'meningioma', null)], ledger: making.ledger };
}
