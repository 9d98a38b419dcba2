/** A source file's bytes, and the refusals of files that cannot be had. */
import { limits, withFileBytes } from '#base';
import { ScanloomError } from '#contract/errors';

export interface Source {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** The whole file, in a buffer of its own. Read synchronously: a worker has nothing else to do meanwhile. @throws ScanloomError `input/…`, `dicom/too-large` */
export function readSource(place: string): Source {
  try {
    return withFileBytes(place, (file) => {
      checkSource(file.isFile, file.size);
      return { bytes: file.read(0, file.size), sizeBytes: file.size, mtimeMs: file.mtimeMs };
    });
  } catch (thrown) {
    throw sourceError(thrown);
  }
}

/** @throws ScanloomError for what is not read: pipes and devices, empty files, files that are too large. */
export function checkSource(isFile: boolean, size: number): void {
  if (!isFile) throw new ScanloomError('input/unreadable', 'This is no file.');
  if (size === 0) throw new ScanloomError('input/empty', 'The file is empty.', { hint: 'It was probably not copied completely.' });
  if (size > limits.sourceFileBytes) throw new ScanloomError('dicom/too-large', `The file is larger than the ${Math.round(limits.sourceFileBytes / 2 ** 20)} MB that can be read.`);
}

/** What the file system threw, in words; a ScanloomError stays what it is. */
export function sourceError(thrown: unknown): unknown {
  const { code, syscall } = (thrown ?? {}) as { code?: unknown; syscall?: unknown };
  if (thrown instanceof ScanloomError || typeof syscall !== 'string') return thrown;
  const details = { code: String(code ?? '') };
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ScanloomError('input/not-found', 'The file is not there.', { details, cause: thrown });
  return new ScanloomError('input/unreadable', 'The file cannot be read.', { hint: 'Check that you may read it, and the disk that it lies on.', details, cause: thrown });
}
