/**
 * The rooms of the program, from the ground up, and who may use whom. This table is the law: `architecture.test.ts` holds the code to it,
 * and `docs/rooms.svg` is drawn from what the code really does.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

export interface Room {
  readonly name: string;
  /** A folder, or one file. */
  readonly place: string;
  /** The only file that other rooms may import; null for entries, which nobody imports. `any` for the contract, whose files are its doors. */
  readonly door: string | 'any' | null;
  /** Rooms that this one may import. */
  readonly uses: readonly string[];
  /** Where it stands in the picture: column from the left, floor from the ground. */
  readonly at: readonly [number, number];
}

const page = ['contract', 'page-client', 'page-ui'] as const;
const core = 'electron/core';

export const rooms: readonly Room[] = [
  { name: 'contract', place: 'electron/contract', door: 'any', uses: [], at: [5, 0] },
  { name: 'base', place: `${core}/base`, door: `${core}/base/index.ts`, uses: ['contract'], at: [2.2, 1] },
  { name: 'dicom', place: `${core}/dicom`, door: `${core}/dicom/index.ts`, uses: ['contract', 'base'], at: [3.7, 2] },
  { name: 'privacy', place: `${core}/privacy`, door: `${core}/privacy/index.ts`, uses: ['contract', 'base', 'dicom'], at: [4.1, 3] },
  { name: 'measures', place: `${core}/measures`, door: `${core}/measures/index.ts`, uses: ['contract', 'base'], at: [1.2, 2] },
  { name: 'library', place: `${core}/library`, door: `${core}/library/index.ts`, uses: ['contract', 'base', 'dicom', 'privacy'], at: [2.6, 3] },
  { name: 'packages', place: `${core}/packages`, door: `${core}/packages/index.ts`, uses: ['contract', 'base'], at: [2.45, 2] },
  { name: 'engine-link', place: `${core}/engine`, door: `${core}/engine/index.ts`, uses: ['contract', 'base'], at: [0, 2] },
  { name: 'jobs', place: `${core}/jobs`, door: `${core}/jobs/index.ts`, uses: ['contract', 'base', 'library'], at: [1.8, 4] },
  { name: 'tasks', place: `${core}/tasks`, door: `${core}/tasks/index.ts`, uses: ['contract', 'base', 'dicom', 'measures', 'library', 'packages', 'engine-link', 'jobs'], at: [0.6, 5] },
  { name: 'review', place: `${core}/review`, door: `${core}/review/index.ts`, uses: ['contract', 'base', 'library'], at: [4.2, 4] },
  { name: 'exports', place: `${core}/exports`, door: `${core}/exports/index.ts`, uses: ['contract', 'base', 'dicom', 'privacy', 'measures', 'library', 'packages'], at: [3, 4] },
  { name: 'routes', place: `${core}/routes`, door: `${core}/routes/index.ts`, uses: ['contract', 'base', 'dicom', 'measures', 'library', 'packages', 'engine-link', 'jobs', 'review', 'exports'], at: [3, 6] },
  { name: 'core', place: `${core}/core.ts`, door: `${core}/core.ts`, uses: ['contract', 'base', 'dicom', 'privacy', 'measures', 'library', 'packages', 'engine-link', 'jobs', 'tasks', 'review', 'exports', 'routes'], at: [2, 7] },
  { name: 'engine', place: 'electron/engine', door: 'electron/engine/index.ts', uses: ['contract'], at: [5.2, 2] },
  { name: 'places', place: 'electron/hosts/places', door: 'electron/hosts/places/index.ts', uses: [], at: [0, 8] },
  { name: 'page-files', place: 'electron/hosts/page-files', door: 'electron/hosts/page-files/index.ts', uses: ['contract'], at: [4.6, 8] },
  { name: 'loopback', place: 'electron/hosts/loopback', door: 'electron/hosts/loopback/index.ts', uses: ['contract', 'base', 'page-files'], at: [3.4, 9] },
  { name: 'desktop', place: 'electron/hosts/desktop', door: 'electron/hosts/desktop/index.ts', uses: ['contract', 'base', 'engine-link', 'core', 'page-files', 'places'], at: [5.6, 9] },
  { name: 'cli', place: 'electron/hosts/cli', door: null, uses: ['contract', 'base', 'dicom', 'library', 'packages', 'engine-link', 'exports', 'core', 'loopback', 'places'], at: [2, 10] },
  { name: 'main', place: 'electron/main.ts', door: null, uses: ['base', 'core', 'desktop', 'places'], at: [5.6, 10] },
  { name: 'page-client', place: 'renderer/client', door: 'any', uses: ['contract'], at: [8.6, 1] },
  { name: 'page-ui', place: 'renderer/ui', door: 'any', uses: ['contract', 'page-client'], at: [9.6, 2] },
  // Screens may use the controls that another screen offers through its door; the list says which.
  { name: 'screen-find', place: 'renderer/features/find', door: 'any', uses: page, at: [6.4, 4] },
  { name: 'screen-library', place: 'renderer/features/library', door: 'any', uses: page, at: [7.5, 4] },
  { name: 'screen-viewer', place: 'renderer/features/viewer', door: 'any', uses: page, at: [8, 3] },
  { name: 'screen-tasks', place: 'renderer/features/tasks', door: 'any', uses: page, at: [11.4, 3] },
  { name: 'screen-review', place: 'renderer/features/review', door: 'any', uses: [...page, 'screen-viewer'], at: [8.6, 4] },
  { name: 'screen-exports', place: 'renderer/features/exports', door: 'any', uses: page, at: [9.7, 4] },
  { name: 'screen-deidentify', place: 'renderer/features/deidentify', door: 'any', uses: page, at: [5.4, 4] },
  { name: 'screen-packages', place: 'renderer/features/packages', door: 'any', uses: page, at: [10.8, 4] },
  { name: 'screen-jobs', place: 'renderer/features/jobs', door: 'any', uses: [...page, 'screen-tasks'], at: [11.9, 4] },
  { name: 'screen-settings', place: 'renderer/features/settings', door: 'any', uses: page, at: [13, 4] },
];

/** A library of others that only one place may import. */
export const onlyIn: readonly { readonly packageName: string; readonly place: string; readonly why: string }[] = [
  { packageName: 'electron', place: 'electron/hosts/desktop/', why: 'the same core runs without Electron' },
  { packageName: '@photostructure/sqlite', place: 'electron/core/library/', why: 'the driver can be changed in one place' },
  { packageName: 'onnxruntime-node', place: 'electron/engine/', why: 'it blocks, crashes and must be killable: a process of its own' },
  { packageName: 'cornerstone-core', place: 'renderer/features/viewer/cornerstone/', why: 'the viewer can be changed in one place' },
  { packageName: 'hono', place: 'electron/core/routes/', why: 'services know nothing of HTTP' },
  { packageName: '@hono/node-server', place: 'electron/hosts/loopback/', why: 'the only server' },
];

/** The formats of export: folders `NAME` that hold `NAME-format.ts`; `exports/formats.test.ts` holds each row of the table to that. */
const exportFormats = readdirSync(path.resolve(import.meta.dirname, '..', '..', core, 'exports'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(entry.parentPath, entry.name, `${entry.name}-format.ts`)))
  .map(({ name }) => name)
  .sort();

/** Folders whose members never import each other: each is one of a kind. */
export const siblings: readonly string[] = ['electron/core/tasks', `${core}/exports/(${exportFormats.join('|')})`, 'electron/hosts/cli/commands'];

/** Rooms that touch no file and no database. Codecs read their own WebAssembly. */
export const pure: readonly { readonly place: string; readonly except: string }[] = [
  { place: `${core}/dicom/`, except: `${core}/dicom/codecs/` },
  { place: `${core}/privacy/`, except: '' },
  { place: `${core}/measures/`, except: '' },
];

export function roomOf(file: string): Room | undefined {
  return rooms.find(({ place }) => file === place || file.startsWith(`${place}/`));
}
