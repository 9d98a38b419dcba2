/** Pixels and bytes of source files. Every read is checked against the digest taken when the file was ingested. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { limits, sha256Hex, type WorkerPool, type WorkerTaskOptions } from '#base';
import { ScanloomError, type PixelDtype } from '#contract';
import { applyRescale, type ImageHeader, type StoredArray, type StoredFrame } from '#dicom';
import { parseImageId } from './image-ids.ts';
import { rescaleOf } from './image-meta.ts';
import type { Studies } from './studies.ts';
import type { Database, Library } from './types.ts';
import { DecodeAnswer, SearchTextAnswer, ThumbnailAnswer } from './workers/messages.ts';

const Row = z.object({ series_uid: z.string(), header: z.string(), path: z.string(), sha256: z.string(), size_bytes: z.number(), frames: z.number() });
type Row = z.infer<typeof Row>;

const dtypes = {
  Uint8Array: 'uint8', Int8Array: 'int8', Uint16Array: 'uint16', Int16Array: 'int16', Uint32Array: 'uint32', Int32Array: 'int32', Float32Array: 'float32', Float64Array: 'float64',
} as const satisfies Record<string, PixelDtype>;

/** A damaged stream that a decoder does not return from costs its worker after this long, not after the minutes that a whole file may take. */
function longestMs(row: Row): number {
  return limits.frameMs + row.size_bytes / limits.slowDiskBytesPerMs;
}

export type DecodeImage = (imageId: string, priority?: WorkerTaskOptions['priority']) => Promise<{ frame: StoredFrame; header: ImageHeader; frameIndex: number; seriesUid: string }>;

export function createImages(db: Database, pool: WorkerPool, studies: Studies): { api: Library['images']; decode: DecodeImage } {
  function rowOf(sopInstanceUid: string): Row {
    const row = db.get('SELECT series_uid, header, path, sha256, size_bytes, frames FROM images WHERE sop_uid = ?', [sopInstanceUid]);
    if (row === undefined) throw new ScanloomError('request/not-found', 'The library has no such image.', { hint: 'It may have been removed, or belong to another library.' });
    return Row.parse(row);
  }

  /** A header of thousands of frames is not parsed again for each of them. */
  let last = { text: '', header: null as ImageHeader | null };
  const headerOf = (text: string): ImageHeader => {
    if (last.header === null || last.text !== text) last = { text, header: JSON.parse(text) as ImageHeader };
    return last.header!;
  };

  const decode: DecodeImage = async (imageId, priority = 'urgent') => {
    const { sopInstanceUid, frame } = parseImageId(imageId);
    const row = rowOf(sopInstanceUid);
    if (frame >= row.frames) throw new ScanloomError('request/not-found', `The image has ${row.frames} frames; there is no number ${frame}.`);
    const answer = DecodeAnswer.parse(await pool.run({ op: 'decode', path: row.path, frame }, { priority, timeoutMs: longestMs(row) }));
    if (answer.sha256 !== row.sha256) throw changed();
    return { frame: answer.frame, header: headerOf(row.header), frameIndex: frame, seriesUid: row.series_uid };
  };

  const api: Library['images'] = {
    async pixels(imageId) {
      const { frame } = await decode(imageId);
      return { ...frame, dtype: dtypeOf(frame.stored) };
    },
    async values(imageId) {
      const { frame, header, frameIndex, seriesUid } = await decode(imageId, 'normal');
      if (frame.samples !== 1) throw new ScanloomError('task/not-applicable', 'This is a colour image; it has no values in physical units.', { hint: 'Choose a grey image.' });
      const values = applyRescale(frame.stored, rescaleOf(header, frameIndex));
      return { values, rows: frame.rows, columns: frame.columns, meta: studies.metaOf(seriesUid, imageId), header };
    },
    async picture(imageId) {
      const { sopInstanceUid, frame } = parseImageId(imageId);
      const row = rowOf(sopInstanceUid);
      const answer = ThumbnailAnswer.parse(await pool.run({ op: 'thumbnail', path: row.path, frame, size: 1024 }, { priority: 'urgent', timeoutMs: longestMs(row) }));
      if (answer.sha256 !== row.sha256) throw changed();
      return answer.png;
    },
    async searchText(sopInstanceUid) {
      const row = rowOf(sopInstanceUid);
      const answer = SearchTextAnswer.parse(await pool.run({ op: 'search-text', path: row.path }, { priority: 'normal' }));
      if (answer.sha256 !== row.sha256) throw changed();
      return answer;
    },
    header: (sopInstanceUid) => JSON.parse(rowOf(sopInstanceUid).header) as ImageHeader,
    sourceFile(sopInstanceUid) {
      const row = rowOf(sopInstanceUid);
      return { path: row.path, sha256: row.sha256, sizeBytes: row.size_bytes };
    },
    async readBytes(sopInstanceUid) {
      const row = rowOf(sopInstanceUid);
      if (headerOf(row.header).sourceFormat === 'nifti') {
        throw new ScanloomError('task/not-applicable', 'The source is a NIfTI file: there is no DICOM object that a new one could be derived from.', { hint: 'Export it as NIfTI or PNG.' });
      }
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await readFile(row.path));
      } catch (thrown) {
        throw unreadable(thrown);
      }
      if (sha256Hex(bytes) !== row.sha256) throw changed();
      return bytes;
    },
    hash: (sopInstanceUid) => rowOf(sopInstanceUid).sha256,
  };
  return { api, decode };
}

function changed(): ScanloomError {
  return new ScanloomError('input/changed', 'The source file is not the one that was opened: its content has changed.', { hint: 'Open the folder again to take the file as it is now.' });
}

/** A file system's error about a source file, in words. */
export function unreadable(thrown: unknown): ScanloomError {
  const code = String((thrown as { code?: unknown } | null)?.code ?? '');
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ScanloomError('input/not-found', 'The source file is not where it was.', { hint: 'Connect the disk that it lies on, or open the folder again from its new place.', details: { code }, cause: thrown });
  }
  const hint = code === 'EACCES' || code === 'EPERM' ? 'You may not read it; ask its owner for the right.' : 'Check the disk and the connection to it.';
  return new ScanloomError('input/unreadable', 'The source file could not be read.', { hint, details: { code }, cause: thrown });
}

function dtypeOf(stored: StoredArray): PixelDtype {
  const name = stored.constructor.name;
  if (!(name in dtypes)) throw new ScanloomError('internal', 'Something went wrong inside Scanloom.', { cause: new Error(`no dtype for ${name}`) });
  return dtypes[name as keyof typeof dtypes];
}
