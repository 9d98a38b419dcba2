import type { ExportFormat } from '#contract';
import type { FormatWriter } from './format.ts';
import { dicomFormat } from './dicom/dicom-format.ts';
import { niftiFormat } from './nifti/nifti-format.ts';
import { pngFormat } from './png/png-format.ts';

/** Every format that there is. */
export const formats: Readonly<Record<ExportFormat, FormatWriter>> = {
  dicom: dicomFormat,
  png: pngFormat,
  nifti: niftiFormat,
};
