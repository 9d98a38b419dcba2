/** Entry of the desktop program. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createFileLog, defaultLibraryDir, systemClock } from '#base';
import { createCore } from '#core';
import { electron, startDesktop } from './hosts/desktop/index.ts';
import { findPlaces } from './hosts/places/index.ts';

const { values } = parseArgs({ args: process.argv.slice(1), strict: false, options: { library: { type: 'string' } } });
const library = path.resolve(typeof values.library === 'string' ? values.library : defaultLibraryDir());
const log = createFileLog(path.join(library, 'logs'));

const stop = (fault: unknown): void => {
  // Where it happened, not what it said: a message may name a file or a person.
  const where = fault instanceof Error ? (fault.stack ?? '').split('\n').filter((line) => line.trim().startsWith('at ')).slice(0, 8).join(' | ') : typeof fault;
  log.error('uncaught', { name: fault instanceof Error ? fault.name : 'unknown', where });
  electron.dialog.showErrorBox('Scanloom stopped', 'Something went wrong inside Scanloom. Finished work is kept; start it again.');
  electron.app.exit(1);
};
process.on('uncaughtException', stop);
process.on('unhandledRejection', stop);

void startDesktop(electron, {
  places: findPlaces(import.meta.url, electron.app.isPackaged ? process.resourcesPath : undefined),
  library,
  preload: path.join(path.dirname(fileURLToPath(import.meta.url)), 'preload.cjs'),
  clock: systemClock,
  log,
  env: process.env,
  platform: process.platform,
  createCore,
});
