import { statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Hono } from 'hono';
import { routes, ScanloomError } from '#contract';
import { register } from './register.ts';
import type { Services } from './services.ts';

export function hostRoutes(app: Hono, services: Services): void {
  register(app, routes.host, () => {
    const disk = statfsSync(services.library.dir);
    return {
      host: services.host.kind,
      version: services.version,
      library: services.library.dir,
      folderDialog: services.host.chooseFolder !== undefined,
      freeDiskBytes: disk.bavail * disk.bsize,
      freeMemoryBytes: os.freemem(),
      onnxruntime: services.engine.version(),
    };
  });

  register(app, routes.devices, () => services.engine.devices());

  register(app, routes.chooseFolder, async ({ body }) => {
    if (services.host.chooseFolder === undefined) throw new ScanloomError('request/unsupported', 'This host has no folder dialog.', { hint: 'Drop files on the page, or use the command line: scanloom ingest FOLDER.' });
    const chosen = await services.host.chooseFolder(body.purpose);
    return chosen === null ? { handle: null, name: '' } : { handle: services.registerFolder(chosen), name: path.basename(chosen) };
  });
}
