/** How DICOM files of an export are written; other formats have no such choice. */
import { z } from 'zod';

export const DicomExportOptions = z.strictObject({
  /** Uncompressed explicit little endian, or a lossless compression; pixels are the same bit by bit. */
  transferSyntax: z.enum(['explicit', 'jpeg-ls', 'jpeg-2000', 'rle']).default('explicit'),
  /** A DICOMDIR and file names as a file-set asks for (PS3.10): eight upper case characters. */
  fileSet: z.boolean().default(false),
  /** Beside each enhanced series a Parametric Map: what the model added to an interpolation of the source. */
  differenceMaps: z.boolean().default(false),
});
export type DicomExportOptions = z.infer<typeof DicomExportOptions>;
