/**
 * What a copy asks of its worker and what it answers; the envelope is that of the worker pool in `#base`. Pixels are looked at, changed and compared there,
 * so that the host answers meanwhile. Typed arrays are transferred.
 */
import { z } from 'zod';
import { DeidentifiedAttribute, DeidentifyOption } from '#contract/deidentify';
import { PixelBox } from '#contract/pixel-box';
import type { ImageHeader } from '#dicom';
import type { CopyFacts, FaceCut } from '#privacy';

/** Made by this program alone. */
const made = <T extends object>() => z.custom<T>((value) => typeof value === 'object' && value !== null);

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** A file on the disk, or one that came along because it lay in an archive. */
const given = { path: z.string(), bytes: Bytes.optional() };
const rules = { options: z.array(DeidentifyOption), key: Bytes, scanloom: z.string() };

export const CopyRequest = z.discriminatedUnion('op', [
  /** What would become of the object; nothing is made of its pixels. */
  z.object({ id: z.int(), op: z.literal('look'), ...given, ...rules }),
  /** The whole way of one object into the copy, but for the disk. */
  z.object({
    id: z.int(), op: z.literal('object'), ...given, ...rules,
    /** Writing is looked for and blacked out. */
    clean: z.boolean(),
    /** A person has looked at all images at risk of writing. */
    accepted: z.boolean(),
    /** What a person decided of this one; null where nobody did. */
    boxes: z.array(PixelBox).nullable(),
    /** What an earlier search found where a person decides; null where nobody does. */
    open: z.enum(['suspected', 'unsearched']).nullable(),
    cut: made<FaceCut>().nullable(),
    /** The object says that it shows nobody's face. */
    saysNoFeatures: z.boolean(),
    remarks: z.array(z.string().max(64)),
  }),
  /** What has to go from the head that these files are slices of. `picture`: its surface before and after. */
  z.object({ id: z.int(), op: z.literal('face'), files: z.array(z.object(given)), seed: z.int().min(0), picture: z.boolean() }),
]);
export type CopyRequest = z.infer<typeof CopyRequest>;

const Facts = made<CopyFacts>();
const LeftOut = z.object({ kind: z.literal('directory') });
export const LookAnswer = z.discriminatedUnion('kind', [
  LeftOut,
  /** `header`: of CT, MR and PET images, for the risk of faces. `sopInstanceUid`: the original's. */
  z.object({ kind: z.literal('object'), facts: Facts, header: made<ImageHeader>().nullable(), sopInstanceUid: z.string(), originalSeries: z.string() }),
]);
export type LookAnswer = z.infer<typeof LookAnswer>;

export const ObjectAnswer = z.discriminatedUnion('kind', [
  LeftOut,
  z.object({ kind: z.literal('held-back'), reasons: z.array(z.string()), facts: Facts, header: made<ImageHeader>().nullable() }),
  z.object({
    kind: z.literal('made'), bytes: Bytes, sopInstanceUid: z.string(), studyInstanceUid: z.string(), seriesInstanceUid: z.string(),
    attributes: z.array(DeidentifiedAttribute), reasons: z.array(z.string()), blackened: z.array(PixelBox), unsearched: z.boolean(), facts: Facts, header: made<ImageHeader>().nullable(),
  }),
]);
export type ObjectAnswer = z.infer<typeof ObjectAnswer>;

export const FaceAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({ kind: z.literal('cut'), description: z.string(), cuts: z.array(made<FaceCut>().nullable()), picture: Bytes.nullable() }),
]);
export type FaceAnswer = z.infer<typeof FaceAnswer>;
