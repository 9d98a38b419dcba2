/** Exports: plan → stage → read back → publish, one folder a format, and `verify`. See README.md. */
export type * from './types.ts';
export { createExports } from './exports.ts';
export { writeExport, type ExportOrder, type WrittenExport } from './write-export.ts';
export { verifyFolder } from './verify/verify-folder.ts';
export { createPixelReview, createStudyCopies, type PixelReview, type StudyCopies } from './pixel-review/index.ts';
export { looksLikeExport, verifyPlain } from './verify/verify-plain.ts';
export { writeReport } from './report/write-report.ts';
export { decisionCounts, enhancedPart, ledgerRows, packageParts, syntheticParts } from './report/report-parts.ts';
export { amber, framed, type Rgb } from './report/badge.ts';
export { librarySource } from './library-source.ts';
export { label } from './marks.ts';
export type * from './report/report-model.ts';
export { Sidecar } from './sidecar.ts';
export { LedgerLine } from './ledger-lines.ts';
export { itemUid } from './dicom/item-uids.ts';
export { checkCopyOrder, copyDeidentified, deidentificationName, isDeidentifiedCopy, libraryKeyFile, planCopy, readOrMakeKey, verifyDeidentified, type CopyPlanOrder, type DeidentifyOrder } from './deidentify/index.ts';
