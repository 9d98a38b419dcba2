/** The library: what a folder holds of studies, made pixels, jobs and decisions. See README.md. */
export type * from './types.ts';
export { openLibrary } from './open-library.ts';
export type { ObjectReads, OverlayBits } from './object-reads.ts';
export { createUploads, type Uploads } from './uploads.ts';
export { ledgerHash, verifyLedgerEntries } from './ledger.ts';
export { findFiles, isContainer, type FindOptions, type FoundFile } from './find-files.ts';
export type { DecodeResult, DescribeResult, HashResult, ThumbnailResult } from './workers/messages.ts';
export { sharedUidInWords } from './series-rows.ts';
