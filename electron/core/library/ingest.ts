/** The ingests of a library: started, asked for, cancelled. What one does is in `ingest-run.ts`. */
import { ScanloomError } from '#contract';
import { IngestRun, type IngestNeeds } from './ingest-run.ts';
import type { IngestHandle, Library } from './types.ts';

/** Ingests that can still be asked for. */
const kept = 200;

export interface Ingests {
  readonly api: Library['ingest'];
  cancelAll(): void;
  /** Resolves when none runs any more. */
  settled(): Promise<void>;
}

export function createIngests(needs: IngestNeeds & { readonly readOnly: boolean }): Ingests {
  const handles = new Map<string, IngestHandle>();
  return {
    api: {
      start(paths, options = {}) {
        if (needs.readOnly) throw new ScanloomError('library/locked', 'The library was opened for reading only, so nothing can be added.', { hint: 'Close the program that owns it and try again.' });
        const run = new IngestRun(needs, paths, options.copy === true);
        const handle: IngestHandle = { ingestId: run.ingestId, state: () => run.state(), done: run.run(), cancel: () => run.cancel() };
        handles.set(handle.ingestId, handle);
        if (handles.size > kept) handles.delete(handles.keys().next().value!);
        return handle;
      },
      get(ingestId) {
        const handle = handles.get(ingestId);
        if (handle === undefined) throw new ScanloomError('request/not-found', 'That ingest is not known any more.', { hint: 'What it added is in the study list.' });
        return handle;
      },
    },
    cancelAll() {
      for (const handle of handles.values()) handle.cancel();
    },
    async settled() {
      await Promise.all([...handles.values()].map((handle) => handle.done));
    },
  };
}
