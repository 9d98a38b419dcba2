/** From a drop or a folder input to an ingest: handles where the desktop gives them, else the files themselves are sent. */
import { ScanloomError } from '#contract';
import type { IngestState } from '#contract';
import { call, uploadFile } from './api.ts';
import { createStore } from './store.ts';

declare global {
  interface Window {
    /** What the desktop's preload gives; absent in a browser. */
    scanloomHost?: { host: 'desktop'; platform: string; pathsForDrop(files: File[]): Promise<string[]> };
  }
}

export interface RelativeFile {
  /** Relative to what was dropped, forward slashes. */
  readonly path: string;
  readonly file: File;
}
/** Files on their way from the browser to the host; null when none are. */
export const sending = createStore<{ done: number; total: number } | null>(null);

const mostFiles = 100_000;
const atOnce = 4;

async function filesOfEntry(entry: FileSystemEntry, folder: string, found: RelativeFile[]): Promise<void> {
  if (found.length >= mostFiles) throw new ScanloomError('request/too-large', `More than ${mostFiles} files were dropped.`, { hint: 'Drop them in parts, or use the command line: scanloom ingest FOLDER.' });
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path: folder + entry.name, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives at most a hundred entries a call.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const inner of part) await filesOfEntry(inner, `${folder}${entry.name}/`, found);
  }
}

/** All files under what was dropped, folders walked. Must be called inside the drop handler (entries die with the event). */
export async function filesOfDrop(transfer: DataTransfer): Promise<RelativeFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: RelativeFile[] = [];
  if (entries.length > 0) for (const entry of entries) await filesOfEntry(entry, '', found);
  else for (const file of transfer.files) found.push({ path: file.name, file });
  return found;
}

/** Sends files and starts reading them. */
export async function ingestFiles(files: readonly RelativeFile[]): Promise<IngestState> {
  if (files.length === 0) throw new ScanloomError('input/empty', 'There is no file in there.', { hint: 'Choose the folder that holds the DICOM files.' });
  const { uploadId } = await call('openUpload');
  let done = 0;
  sending.set({ done, total: files.length });
  try {
    const queue = files.values();
    const worker = async (): Promise<void> => {
      for (const { path, file } of queue) {
        await uploadFile(uploadId, path, file);
        done += 1;
        sending.set({ done, total: files.length });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return await call('finishUpload', { params: { uploadId } });
  } finally {
    sending.set(null);
  }
}

/** What was dropped: by handle on the desktop (nothing is copied), by upload elsewhere. */
export async function ingestDrop(transfer: DataTransfer): Promise<IngestState[]> {
  const host = window.scanloomHost;
  if (host) {
    const handles = await host.pathsForDrop([...transfer.files]);
    if (handles.length === 0) throw new ScanloomError('input/empty', 'There is no file or folder in what was dropped.', { hint: 'Drop a folder or files from the file manager.' });
    return Promise.all(handles.map((handle) => call('startIngest', { body: { handle } })));
  }
  return [await ingestFiles(await filesOfDrop(transfer))];
}

export async function ingestInput(list: FileList): Promise<IngestState> {
  return ingestFiles([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}
