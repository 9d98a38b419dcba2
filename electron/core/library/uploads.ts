/**
 * Files that a page sends because its host has no folder dialog: a drop, a folder input. They are copied into the library's `incoming`
 * folder, which then is where the study lies.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { ScanloomError } from '#contract';

/** Larger than any single DICOM object in use; a page cannot fill a disk with one request. */
const maxFileBytes = 8 * 1024 ** 3;
const maxDepth = 32;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface Uploads {
  /** @returns the upload's id, which later calls name. */
  open(): Promise<string>;
  /** Writes one file. `relativePath` is the page's word: forward slashes, no root, no "..". @throws ScanloomError `request/invalid`, `request/too-large`, `disk/full` */
  receive(uploadId: string, relativePath: string, body: ReadableStream | null): Promise<void>;
  /** @returns the folder that holds what was sent. @throws ScanloomError `request/not-found` */
  finish(uploadId: string): Promise<string>;
}

export function createUploads(incoming: string): Uploads {
  const folderOf = async (uploadId: string): Promise<string> => {
    if (!uuid.test(uploadId)) throw new ScanloomError('request/invalid', 'That is not the id of an upload.');
    const folder = path.join(incoming, uploadId);
    const found = await stat(folder).catch(() => null);
    if (found === null || !found.isDirectory()) throw new ScanloomError('request/not-found', 'That upload is not open.', { hint: 'Drop the files again.' });
    return folder;
  };

  return {
    async open() {
      const uploadId = randomUUID();
      await mkdir(path.join(incoming, uploadId), { recursive: true });
      return uploadId;
    },

    async receive(uploadId, relativePath, body) {
      const folder = await folderOf(uploadId);
      const target = path.join(folder, ...safeParts(relativePath));
      await mkdir(path.dirname(target), { recursive: true });
      let received = 0;
      const limit = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          received += chunk.byteLength;
          if (received > maxFileBytes) done(new ScanloomError('request/too-large', 'The file is larger than 8 GB.'));
          else done(null, chunk);
        },
      });
      try {
        await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body as NodeReadableStream), limit, createWriteStream(target, { flags: 'wx' }));
      } catch (thrown) {
        if ((thrown as { code?: unknown }).code === 'EEXIST') throw new ScanloomError('request/conflict', 'The same file was sent twice.');
        await rm(target, { force: true });
        throw ScanloomError.from(thrown);
      }
    },

    finish: folderOf,
  };
}

/** Splits a page's path and refuses whatever could leave the folder or name a device, on any system. */
export function safeParts(relativePath: string): string[] {
  const parts = relativePath.split('/').filter((part) => part !== '' && part !== '.');
  const bad = parts.length === 0 || parts.length > maxDepth || parts.some((part) => part === '..' || part.length > 255 || hasForbiddenCharacter(part) || /[. ]$/.test(part) || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part));
  if (bad) throw new ScanloomError('request/invalid', 'A file name in what was dropped cannot be used.', { hint: 'Rename the file, or ingest the folder with the command line: scanloom ingest FOLDER.' });
  return parts;
}

function hasForbiddenCharacter(part: string): boolean {
  return [...part].some((character) => character.charCodeAt(0) < 32 || '<>:"\\|?*'.includes(character));
}
