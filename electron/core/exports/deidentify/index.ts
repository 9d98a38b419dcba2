/** De-identified copies: a folder in, a staged, read back and published copy with a report out. The rules are the privacy room's. */
export { copyDeidentified, deidentificationName, deidentificationReportName, type DeidentifyOrder } from './copy-deidentified.ts';
export { libraryKeyFile, readOrMakeKey } from './project-key.ts';
export { isDeidentifiedCopy, verifyDeidentified } from './verify-deidentified.ts';
