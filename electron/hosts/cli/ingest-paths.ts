/** Reads files and folders into the library and waits, with progress; Ctrl-C stops before the next file. */
import path from 'node:path';
import type { IngestState } from '#contract';
import type { Core } from '#core';
import type { CommandContext } from './command.ts';

const lookEveryMs = 200;

export async function ingestPaths(core: Core, context: Pick<CommandContext, 'progress' | 'signal' | 'cwd'>, paths: readonly string[], options: { readonly copy?: boolean } = {}): Promise<IngestState> {
  const handle = core.services.library.ingest.start(paths.map((word) => path.resolve(context.cwd, word)), options);
  const show = (): void => {
    const { filesDone, filesFound } = handle.state();
    context.progress.step('Reading files', filesDone, filesFound);
  };
  const stop = (): void => handle.cancel();
  if (context.signal.aborted) stop();
  context.signal.addEventListener('abort', stop, { once: true });
  const timer = setInterval(show, lookEveryMs);
  try {
    return await handle.done;
  } finally {
    clearInterval(timer);
    context.signal.removeEventListener('abort', stop);
    show();
    context.progress.end();
  }
}

/** What an ingest came to, for people. */
export function ingestInWords(state: IngestState): string {
  const lines = [
    `${state.imagesAdded} images added, ${state.imagesKnown} known already, in ${state.seriesTotal ?? state.seriesUids.length} series; ${state.filesSkipped} files are no images, ${state.refusedTotal} were refused.`,
    ...state.refused.slice(0, 20).map((file) => `  ${file.path}: ${file.message}`),
  ];
  if (state.imagesChanged !== undefined) lines.splice(1, 0, `${state.imagesChanged} of the images added had other content when they were read before; what was made from them says so by its digests.`);
  if (state.refusedTotal > 20) lines.push(`  … and ${state.refusedTotal - 20} more (--json lists them).`);
  return lines.join('\n');
}
