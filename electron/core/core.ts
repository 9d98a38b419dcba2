/**
 * All wiring, on one page: the same core behind the window, the loopback host, the command line and the tests.
 */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { Clock, CorePaths, Log } from '#base';
import { ScanloomError } from '#contract';
import { createEngineLink, type LaunchEngine } from '#engine-link';
import { createExports, createPixelReview, createStudyCopies } from '#exports';
import { createJobs } from '#jobs';
import { createUploads, openLibrary } from '#library';
import { openPackages } from '#packages';
import { createMarks, createOverview, createReview } from '#review';
import { createFetch, type HostServices, type Services } from '#routes';
import { createTasks } from '#tasks';

export interface CoreOptions {
  readonly paths: CorePaths;
  readonly clock: Clock;
  readonly log: Log;
  readonly launchEngine: LaunchEngine;
  readonly host: HostServices;
  readonly version: string;
  /** For commands that only look: works beside a running owner, and starts no job. */
  readonly readOnly?: boolean;
  /** Whether jobs that were left running or queued go on at once. Commands that do one thing leave them alone. */
  readonly resumeJobs?: boolean;
}

export interface Core {
  fetch(request: Request): Promise<Response>;
  readonly services: Services;
  close(): Promise<void>;
}

export async function createCore(options: CoreOptions): Promise<Core> {
  const { paths, clock, log, version } = options;
  const threads = Math.max(1, Math.floor(os.availableParallelism()));
  const library = await openLibrary({
    dir: paths.library,
    clock,
    log,
    workers: { entry: path.join(paths.entries, 'dicom-worker.js'), size: Math.max(1, Math.min(4, threads)), warm: options.host.kind === 'desktop' },
    readOnly: options.readOnly ?? false,
  });
  const packages = openPackages([...paths.packages, path.join(paths.library, 'packages')]);
  const engine = createEngineLink({ launch: options.launchEngine, log, clock });
  const processor = os.cpus()[0]?.model ?? os.arch();
  const kinds = createTasks({ library, packages, engine, version, processor, threads });
  const jobs = createJobs({ library, kinds, clock, log, autoStart: options.readOnly !== true && options.resumeJobs !== false });
  const review = createReview({ library, clock });
  const overview = createOverview({ library });
  const marks = createMarks({ library });
  const exports = createExports({ library, packages, clock, log, version });
  const pixelReview = createPixelReview({ library, log });
  const studyCopies = createStudyCopies({ library, pixelReview, clock, log, version, entries: paths.entries });
  const uploads = createUploads(path.join(paths.library, 'incoming'));

  const folders = new Map<string, string>();
  const services: Services = {
    library, uploads, packages, engine, jobs, review, overview, marks, exports, pixelReview, studyCopies, log, version,
    host: options.host,
    registerFolder(folder) {
      const handle = randomUUID();
      folders.set(handle, path.resolve(folder));
      return handle;
    },
    folderOf(handle) {
      const folder = folders.get(handle);
      if (folder === undefined) throw new ScanloomError('request/not-found', 'That folder was not chosen in this session.', { hint: 'Choose the folder again.' });
      return folder;
    },
  };

  return {
    fetch: createFetch(services),
    services,
    async close() {
      pixelReview.close();
      studyCopies.close();
      await jobs.close();
      await engine.close();
      await library.close();
    },
  };
}
