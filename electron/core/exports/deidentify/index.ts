/** De-identified copies: a folder in, a staged, read back and published copy with a report out. The rules are the privacy room's. */
export { copyDeidentified, copyThreads, type DeidentifyOrder } from './copy-deidentified.ts';
export { checkCopyOrder, deidentificationName, deidentificationReportName } from './copy-place.ts';
export { createCopyWorkers, type CopyWorkers } from './copy-workers.ts';
export { noFaceDecision, skinReason, unseenRemark, type FaceDecision, type FaceRow } from './decide-faces.ts';
export { planCopy, type CopyPlanOrder } from './plan-copy.ts';
export { libraryKeyFile, readOrMakeKey } from './project-key.ts';
export { isDeidentifiedCopy, verifyDeidentified } from './verify-deidentified.ts';
