/** The options of de-identification. */
import { z } from 'zod';

/** Options of PS3.15 E.2 and E.3, in words. The Basic Profile always applies. */
export const DeidentifyOption = z.enum([
  'clean-pixel-data',
  'clean-recognizable-visual-features',
  'clean-graphics',
  'clean-structured-content',
  'clean-descriptors',
  'retain-full-dates',
  'retain-modified-dates',
  'retain-patient-characteristics',
  'retain-device-identity',
  'retain-uids',
  'retain-safe-private',
  'retain-institution-identity',
]);
export type DeidentifyOption = z.infer<typeof DeidentifyOption>;

/** Dates are either kept or shifted (PS3.15 E.3.6). */
export const DeidentifyOptions = z.array(DeidentifyOption).max(DeidentifyOption.options.length)
  .refine((options) => !(options.includes('retain-full-dates') && options.includes('retain-modified-dates')), { message: 'Dates are either kept or shifted, not both.' });
export type DeidentifyOptions = z.infer<typeof DeidentifyOptions>;
