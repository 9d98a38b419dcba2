/** What a de-identified copy would hold, and what somebody should know before it is made: told ahead, and again in the report of the copy. */
import { z } from 'zod';
import { DeidentifyOptions } from './deidentify-options.ts';
import { Uid } from './ids.ts';

/** How much it is. Patients, studies and series are told apart by their identifiers. */
export const CopyContents = z.strictObject({
  patients: z.int().min(0),
  studies: z.int().min(0),
  series: z.int().min(0),
  /** Objects with pixels. */
  images: z.int().min(0),
  /** Reports, structure sets, presentation states, documents and whatever else has no pixels. */
  others: z.int().min(0),
});
export type CopyContents = z.infer<typeof CopyContents>;

export const CopyWarning = z.strictObject({
  code: z.enum([
    /** A face could be drawn from it. */
    'face',
    /** The outline of the skin is in a structure set or a segmentation. */
    'face-outline',
    'burned-in',
    /** PET from which no standardised uptake value could be computed any more. */
    'suv-lost',
    'private-lost',
    /** Diffusion weightings stand in private attributes alone. */
    'b-values-lost',
    /** Examinations of one patient could not be put in their order any more. */
    'dates-lost',
    /** Reports and documents without what they said. */
    'content-emptied',
    'graphics-lost',
    'uids-kept',
    'dates-kept',
    'places-kept',
  ]),
  /** A sentence or two, without values of the originals. */
  message: z.string().max(1000),
  series: z.int().min(0),
  objects: z.int().min(0),
});
export type CopyWarning = z.infer<typeof CopyWarning>;

export const PlanStudyCopy = z.strictObject({ studyInstanceUid: Uid, options: DeidentifyOptions });
export type PlanStudyCopy = z.infer<typeof PlanStudyCopy>;

/** Nothing is written for it. */
export const CopyPlan = z.strictObject({ contents: CopyContents, warnings: z.array(CopyWarning) });
export type CopyPlan = z.infer<typeof CopyPlan>;
