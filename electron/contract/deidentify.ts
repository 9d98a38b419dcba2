/** De-identification: what is asked for, and what the report of a copy says. No field ever holds a value of an original. */
import { z } from 'zod';
import { DeidentifyOptions } from './deidentify-options.ts';
import { CopyContents, CopyWarning } from './deidentify-plan.ts';
import { Instant, Sha256 } from './ids.ts';
import { PixelBox } from './pixel-box.ts';

export { DeidentifyOption, DeidentifyOptions } from './deidentify-options.ts';

export const DeidentifiedAttribute = z.strictObject({
  /** `ggggeeee`; all private attributes are `private`. */
  tag: z.string().max(8),
  keyword: z.string().max(100),
  removed: z.int().min(0),
  /** By an empty value, a dummy, a pseudonym or another UID. */
  replaced: z.int().min(0),
  /** By an option, because it tells nothing about a person, or because nothing had to be changed; the items of a kept sequence are counted by themselves. */
  kept: z.int().min(0),
  /** Shifted dates, text of which only known words are left. */
  cleaned: z.int().min(0),
});
export type DeidentifiedAttribute = z.infer<typeof DeidentifiedAttribute>;

export const DeidentifiedObject = z.strictObject({
  /** The how many-th file of the input, from 1, in natural order of names, folders after the files beside them. File names identify, so none is given. */
  number: z.int().min(1),
  /** `left-out`: a directory of files, made superfluous by the copy. `held-back`: writing in the pixels is likely, and nobody has looked. */
  outcome: z.enum(['written', 'refused', 'held-back', 'left-out']),
  /** In the copy; null for what is not in it. */
  path: z.string().max(400).nullable(),
  /** Why it is not in the copy, a sentence; what should be looked at, for what is. Empty when there is nothing to say. */
  reasons: z.array(z.string().max(2000)).max(50),
  /** Code of the error, when refused. */
  code: z.string().max(60).nullable(),
  /** What became black, in every frame. */
  blackened: z.array(PixelBox).max(10_000).default([]),
  /** `cut`: its part of a face is air. `cut-and-seen`: and a person has looked at what is left. */
  face: z.enum(['untouched', 'cut', 'cut-and-seen']).default('untouched'),
  /** What it said is gone: the page of a document, the findings of a report, what was drawn or written over an image. */
  emptied: z.enum(['document', 'report', 'annotations']).nullable().default(null),
});
export type DeidentifiedObject = z.infer<typeof DeidentifiedObject>;

/** deidentification.json of a copy. */
export const DeidentificationReport = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('deidentified-copy'),
  createdAt: Instant,
  scanloom: z.string().max(50),
  /** Of PS3.15. */
  edition: z.string().max(20),
  options: DeidentifyOptions,
  /** CID 7050, as written into every object. */
  codes: z.array(z.strictObject({ value: z.string().max(16), meaning: z.string().max(100) })).max(20),
  /** (0028,0303) as written where the source had not said MODIFIED or REMOVED before. */
  longitudinalTemporalInformation: z.enum(['UNMODIFIED', 'MODIFIED', 'REMOVED']),
  /** Tells whether two copies were made with one key, and nothing of the key. */
  keyFingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  /** A person said that writing in pixels was looked for. */
  burnedInAccepted: z.boolean(),
  /** A person said that the surfaces of heads were looked at. */
  facesAccepted: z.boolean().default(false),
  /** Of the copy; null in reports of versions that did not count. */
  contents: CopyContents.nullable().default(null),
  /** What was done to faces, a row a series. `series` is its folder's UID in the copy; null when it is not in it. */
  faces: z.array(z.strictObject({ series: z.string().max(64).nullable(), objects: z.int().min(0), words: z.string().max(1000), seen: z.boolean() })).default([]),
  warnings: z.array(CopyWarning).default([]),
  /** The report in a few sentences for people. */
  summary: z.array(z.string().max(1000)).default([]),
  counts: z.strictObject({ files: z.int(), written: z.int(), refused: z.int(), heldBack: z.int(), leftOut: z.int() }),
  attributes: z.array(DeidentifiedAttribute),
  objects: z.array(DeidentifiedObject),
  files: z.array(z.strictObject({ path: z.string().max(400), sha256: Sha256, sizeBytes: z.int().min(0) })),
});
export type DeidentificationReport = z.infer<typeof DeidentificationReport>;
