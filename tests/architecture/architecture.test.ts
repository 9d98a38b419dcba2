/** The code keeps to the table of rooms; each kind of rule is shown to catch what it is for. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cruiseCode, ownModules, rules } from './cruise.ts';
import { drawRooms } from './draw-rooms.ts';
import { roomOf, rooms, siblings } from './rooms.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

describe('the code', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    result = await cruiseCode(root);
  });

  test('keeps every rule', () => {
    expect(result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });

  test('was really read: an empty run would pass, too', () => {
    const own = ownModules(result);
    expect(own.length).toBeGreaterThan(200);
    expect(result.summary.totalDependenciesCruised).toBeGreaterThan(800);
    const empty = rooms.filter(({ place }) => existsSync(path.join(root, place)) && !own.some(({ source }) => source === place || source.startsWith(`${place}/`)));
    expect(empty.map(({ name }) => name)).toEqual([]);
  });

  test('lies in rooms, but for the entries', () => {
    const homeless = ownModules(result).map(({ source }) => source).filter((source) => roomOf(source) === undefined && !/^renderer\/[^/]+$/.test(source) && source !== 'electron/preload.ts');
    expect(homeless).toEqual([]);
  });

  test('every room says what it owns, promises and refuses', () => {
    const missing: string[] = [];
    for (const { place } of rooms) {
      const folder = path.join(root, place);
      if (!existsSync(folder) || !statSync(folder).isDirectory()) continue;
      const readme = path.join(folder, 'README.md');
      const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
      for (const part of ['**Owns**', '**Promises**', '**Refuses**']) if (!text.includes(part)) missing.push(`${place}/README.md: ${part}`);
    }
    expect(missing).toEqual([]);
  });

  test('only the page\'s client asks the host', () => {
    const callers = ownModules(result).map(({ source }) => source).filter((source) => source.startsWith('renderer/') && !source.startsWith('renderer/client/') && /\.tsx?$/.test(source) && /(?:(?<![#.\w])|\b(?:window|globalThis|navigator)\.)(?:fetch|XMLHttpRequest|EventSource|WebSocket|sendBeacon)\s*\(/.test(readFileSync(path.join(root, source), 'utf8')));
    expect(callers).toEqual([]);
  });

  test('docs/rooms.svg shows it as it is', () => {
    const file = path.join(root, 'docs', 'rooms.svg');
    const drawn = drawRooms(result);
    if (process.env['UPDATE_ROOMS'] !== undefined) writeFileSync(file, drawn);
    expect(readFileSync(file, 'utf8'), 'UPDATE_ROOMS=1 npx vitest run tests/architecture draws it again').toBe(drawn);
  });
});

describe('a planted fault is caught', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'scanloom-rooms-'));
    writeFileSync(path.join(folder, 'package.json'), readFileSync(path.join(root, 'package.json')));
    // "junction" needs no rights on Windows.
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    for (const { door } of rooms) if (door !== null && door !== 'any') write(door, 'export const here = 1;\n');
    write('electron/contract/index.ts', 'export const here = 1;\n');
    for (const [n, { file, text }] of faults.entries()) write(file.replace('*', `planted-${n}`), text);
    write('electron/core/library/inside.ts', 'export const here = 1;\n');
    write('electron/hosts/cli/commands/other.ts', 'export const here = 1;\n');
    write('electron/core/tasks/other/other.ts', 'export const here = 1;\n');
    write('electron/core/exports/png/png.ts', 'export const here = 1;\n');
    write('electron/core/base/fine.ts', "import { here } from '#contract';\nexport const fine = here;\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const faults: readonly { readonly rule: string; readonly file: string; readonly text: string }[] = [
    { rule: 'room-dicom', file: 'electron/core/dicom/*.ts', text: "import { here } from '#library';\nexport const x = here;\n" },
    { rule: 'room-exports', file: 'electron/core/exports/*.ts', text: "import { here } from '#tasks';\nexport const x = here;\n" },
    { rule: 'room-engine', file: 'electron/engine/*.ts', text: "import { here } from '#dicom';\nexport const x = here;\n" },
    { rule: 'room-base', file: 'electron/core/base/*.ts', text: "import type { here } from '#core';\nexport type X = typeof here;\n" },
    { rule: 'door-library', file: 'electron/core/jobs/*.ts', text: "import { here } from '../library/inside.ts';\nexport const x = here;\n" },
    { rule: 'contract-imports-zod', file: 'electron/contract/*.ts', text: "import path from 'node:path';\nexport const x = path.sep;\n" },
    { rule: 'only-in-electron', file: 'electron/core/routes/*.ts', text: "import { app } from 'electron';\nexport const x = app;\n" },
    { rule: 'only-in-@photostructure/sqlite', file: 'electron/core/jobs/*.ts', text: "import { DatabaseSync } from '@photostructure/sqlite';\nexport const x = DatabaseSync;\n" },
    { rule: 'only-in-onnxruntime-node', file: 'electron/core/engine/*.ts', text: "import ort from 'onnxruntime-node';\nexport const x = ort;\n" },
    { rule: 'only-in-cornerstone-core', file: 'renderer/features/viewer/*.ts', text: "import cornerstone from 'cornerstone-core';\nexport const x = cornerstone;\n" },
    { rule: 'page-is-a-page', file: 'renderer/ui/*.ts', text: "import fs from 'node:fs';\nexport const x = fs;\n" },
    { rule: 'page-knows-the-contract-only', file: 'renderer/ui/*.ts', text: "import { here } from '#base';\nexport const x = here;\n" },
    { rule: 'pure-electron/core/dicom/', file: 'electron/core/dicom/*.ts', text: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n" },
    { rule: 'siblings-electron/core/tasks', file: 'electron/core/tasks/planted/*.ts', text: "import { here } from '../other/other.ts';\nexport const x = here;\n" },
    { rule: `siblings-${siblings.find((place) => place.startsWith('electron/core/exports/'))}`, file: 'electron/core/exports/nifti/*.ts', text: "import { here } from '../png/png.ts';\nexport const x = here;\n" },
    { rule: 'siblings-electron/hosts/cli/commands', file: 'electron/hosts/cli/commands/*.ts', text: "import { here } from './other.ts';\nexport const x = here;\n" },
    { rule: 'preload-files', file: 'electron/hosts/desktop/bridge.ts', text: "import path from 'node:path';\nexport const x = path.sep;\n" },
    { rule: 'no-circle', file: 'electron/core/measures/*.ts', text: "import { x as y } from './planted-17.ts';\nexport const x = (): unknown => y;\n" },
    { rule: 'resolvable', file: 'electron/core/measures/*.ts', text: "import { x } from './nowhere.ts';\nexport const y = x;\n" },
    { rule: 'no-development-package', file: 'electron/core/review/*.ts', text: "import { createServer } from 'vite';\nexport const x = createServer;\n" },
  ];

  test('each by the rule that is meant for it, and nothing else is', async () => {
    const { summary } = await cruiseCode(folder);
    const caught = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    const unseen = faults.map(({ rule, file }, n) => `${rule}: ${file.replace('*', `planted-${n}`)}`).filter((fault) => !caught.includes(fault));
    expect(unseen).toEqual([]);
    expect(summary.violations.filter(({ from }) => from.endsWith('/fine.ts'))).toEqual([]);
    expect(new Set(rules().map(({ name }) => name)).size).toBe(rules().length);
  });
});
