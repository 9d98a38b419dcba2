/** What several screens ask at once: where the runs of a library stand, and whether exports are still what people decided. */
import { z } from 'zod';
import { Id } from './ids.ts';

/** A series that something was made from, as a person names it. Empty where its study has been forgotten. */
export const SourceNamed = z.strictObject({
  patientName: z.string(),
  patientId: z.string(),
  patientBirthDate: z.string(),
  studyDate: z.string(),
  modality: z.string(),
  seriesNumber: z.number().nullable(),
  seriesDescription: z.string(),
});
export type SourceNamed = z.infer<typeof SourceNamed>;

/** Decisions on the items of one run, and what they were made from (at most 100 series; none for synthetic images). */
export const RunOverview = z.strictObject({
  jobId: Id,
  provenance: z.enum(['enhanced', 'synthetic']),
  total: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  unsure: z.int(),
  undecided: z.int(),
  /** Frames of all items. */
  images: z.int(),
  sources: z.array(SourceNamed),
});
export type RunOverview = z.infer<typeof RunOverview>;

/** A finished export: how many of its items stand otherwise than when it was asked for, by where they stand now, and what they were made from. */
export const ExportOverview = z.strictObject({ exportId: Id, rejected: z.int(), unsure: z.int(), takenBack: z.int(), sources: z.array(SourceNamed) });
export type ExportOverview = z.infer<typeof ExportOverview>;

/** Synthetic images with the same pixels bit for bit, oldest first; only groups of two and more. */
export const IdenticalItems = z.array(z.array(Id).min(2));
export type IdenticalItems = z.infer<typeof IdenticalItems>;
