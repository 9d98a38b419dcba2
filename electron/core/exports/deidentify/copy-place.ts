/** Where a copy may be made. */
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { ScanloomError, type DeidentifyOption } from '#contract';
import { checkOptions } from '#privacy';
import { existsError, somethingAt } from '../stage.ts';
import { manifestName } from '../write-export.ts';

export const deidentificationName = 'deidentification.json';
export const deidentificationReportName = 'report.html';

/**
 * Everything that can be wrong with an order before anything is read, made or written: ask before a key is made.
 *
 * @throws {ScanloomError} `request/invalid`, `export/exists`
 */
export async function checkCopyOrder({ inputs, target, options }: { readonly inputs: readonly string[]; readonly target: string; readonly options: readonly DeidentifyOption[] }): Promise<void> {
  checkOptions(new Set(options));
  if (somethingAt(target)) throw existsError(target);
  // The nearest folder that is there says where the rest will really lie.
  let [parent, rest] = [path.dirname(target), [path.basename(target)]];
  while (!existsSync(parent) && path.dirname(parent) !== parent) [parent, rest] = [path.dirname(parent), [path.basename(parent), ...rest]];
  const real = await realpath(parent).catch(() => path.resolve(parent));
  for (const input of inputs) {
    const from = path.relative(await realpath(input).catch(() => path.resolve(input)), path.join(real, ...rest));
    if (from === '' || (!from.startsWith('..') && !path.isAbsolute(from))) throw new ScanloomError('request/invalid', 'The copy cannot lie inside of what is copied.', { hint: 'Choose a folder elsewhere.' });
  }
  for (let folder = real; ; folder = path.dirname(folder)) {
    if ([deidentificationName, manifestName].some((name) => existsSync(path.join(folder, name))) && existsSync(path.join(folder, 'checksums.sha256'))) {
      throw new ScanloomError('request/invalid', 'The copy cannot lie inside of another copy or of an export: that one would no longer be what it was.', { hint: 'Choose a folder beside it.' });
    }
    if (path.dirname(folder) === folder) return;
  }
}
