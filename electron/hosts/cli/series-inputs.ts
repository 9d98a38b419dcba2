/** SERIES on the command line: a Series Instance UID, a short id, or a file or folder that is read on the way. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ScanloomError } from '#contract';
import type { Core } from '#core';
import type { CommandContext } from './command.ts';
import { ingestPaths } from './ingest-paths.ts';

export interface SeriesInput {
  readonly seriesUid: string;
  /** The word came as a folder: what a task cannot use in it is left out, not an error. */
  readonly fromFolder: boolean;
}

/** @throws {ScanloomError} `input/empty` when a folder holds no images; `request/not-found` for an unknown series. */
export async function resolveSeriesInputs(core: Core, context: CommandContext, words: readonly string[]): Promise<SeriesInput[]> {
  const inputs = new Map<string, SeriesInput>();
  for (const word of words) {
    const place = path.resolve(context.cwd, word);
    if (!existsSync(place)) {
      if (/[\\/]/.test(word)) throw new ScanloomError('input/not-found', `There is no file or folder ${word}.`);
      const seriesUid = core.services.library.studies.resolveSeries(word);
      inputs.set(seriesUid, { seriesUid, fromFolder: false });
      continue;
    }
    const state = await ingestPaths(core, context, [place]);
    if (context.signal.aborted) throw new ScanloomError('job/cancelled', 'Stopped while reading files; what was read stays in the library.');
    for (const file of state.refused.slice(0, 5)) context.out.note(`${file.path}: ${file.message}`);
    if (state.seriesUids.length === 0) throw new ScanloomError('input/empty', `There are no images in ${word}.`, { hint: '`scanloom inspect` says what is there.' });
    if (state.seriesTotal !== undefined) {
      throw new ScanloomError('request/too-large', `${word} holds ${state.seriesTotal} series, and one command takes ${state.seriesUids.length} at most.`, { hint: 'Name smaller folders, or series by their short ids; all of them are in the library now.' });
    }
    for (const seriesUid of state.seriesUids) inputs.set(seriesUid, { seriesUid, fromFolder: state.seriesUids.length > 1 });
  }
  return [...inputs.values()];
}
