import type { DataSet } from './data-set.ts';
import { ScanloomError } from '#contract/errors';
export interface WriteOptions { readonly dataset: DataSet; readonly sopClassUid: string; readonly sopInstanceUid: string; readonly transferSyntaxUid: string }
export function writeDicom(_file: WriteOptions): Uint8Array {
  throw new ScanloomError('internal', 'Not written yet.');
}
