/** Exports: plan → stage → read back → publish, one folder a format, and `verify`. See README.md. */
export type * from './types.ts';
export { createExports } from './exports.ts';
export { verifyFolder } from './verify/verify-folder.ts';
export { writeReport } from './report/write-report.ts';
