/** What formats without room for it say beside the image: one JSON file an item. */
import { z } from 'zod';
import { Id, Instant, PackageId, Sha256 } from '#contract';
import { label, statement } from './marks.ts';
import type { ItemScale } from './format.ts';
import type { ExportSource } from './types.ts';

const Vector3 = z.tuple([z.number(), z.number(), z.number()]);

export const Sidecar = z.strictObject({
  schema: z.literal(1),
  /** `AI-ENHANCED` or `SYNTHETIC`, as on the screen. */
  mark: z.enum(['AI-ENHANCED', 'SYNTHETIC']),
  statement: z.string().max(300),
  researchOnly: z.literal(true),
  scanloom: z.string().max(50),
  itemId: Id,
  provenance: z.enum(['enhanced', 'synthetic']),
  class: z.string().max(40).nullable(),
  seed: z.int().nullable(),
  decision: z.enum(['accepted', 'rejected', 'unsure']).nullable(),
  createdAt: Instant,
  package: z.strictObject({ id: PackageId, version: z.string().max(50), sha256: Sha256 }),
  ledger: z.strictObject({ index: z.int().min(0), hash: Sha256 }),
  modality: z.string().max(16),
  rows: z.int().positive(),
  columns: z.int().positive(),
  /** value = slope · stored + intercept; null where the file holds the values themselves. */
  scale: z.strictObject({ slope: z.number(), intercept: z.number(), unit: z.string().max(20) }).nullable(),
  unit: z.string().max(20),
  /** Patient coordinates of DICOM (LPS, mm), one entry an image; null for what an image does not have. */
  frames: z.array(z.strictObject({
    file: z.string().max(400),
    frame: z.int().min(0),
    pixelSpacingMm: z.tuple([z.number(), z.number()]).nullable(),
    positionMm: Vector3.nullable(),
    orientation: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).nullable(),
    sliceThicknessMm: z.number().nullable(),
  })).max(100_000),
});
export type Sidecar = z.infer<typeof Sidecar>;

/** `fileOf` names the file a frame is in, without its folder. */
export function sidecarOf(source: ExportSource, scanloom: string, scale: ItemScale | null, fileOf: (frame: number) => string): Sidecar {
  const { item } = source;
  return {
    schema: 1,
    mark: label[item.provenance] as Sidecar['mark'],
    statement: statement[item.provenance],
    researchOnly: true,
    scanloom,
    itemId: item.itemId,
    provenance: item.provenance,
    class: item.class,
    seed: item.seed,
    decision: item.decision,
    createdAt: item.createdAt,
    package: { id: item.packageId, version: item.packageVersion, sha256: source.packageSha256 },
    ledger: { index: item.ledgerIndex, hash: item.ledgerHash },
    modality: item.modality,
    rows: item.rows,
    columns: item.columns,
    scale,
    unit: unitOf(source),
    frames: source.images.map((image, frame) => ({
      file: fileOf(frame),
      frame,
      pixelSpacingMm: image.pixelSpacingMm,
      positionMm: image.position,
      orientation: image.orientation,
      sliceThicknessMm: image.sliceThicknessMm,
    })),
  };
}

/** `HU` for CT, '' for values without a physical unit. */
export function unitOf(source: ExportSource): string {
  return source.images[0]?.unit ?? '';
}

export function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Null for what is no sidecar; `verify` says so once, where the sidecar itself is looked at. */
export function readSidecar(bytes: Uint8Array): Sidecar | null {
  try {
    const parsed = Sidecar.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
