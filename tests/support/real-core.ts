/** A core as the hosts make it, on a temporary library, with the real workers and the real engine process. Requests go through its Fetch handler. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createMemoryLog, systemClock, type MemoryLog } from '#base';
import { ErrorBody, routes, ScanloomError, type Job, type RouteShape } from '#contract';
import { createCore, type Core } from '#core';
import { launchNodeEngine } from '#engine-link';
import type { z } from 'zod';

export const root = path.resolve(import.meta.dirname, '..', '..');
export const entries = path.join(root, 'dist', 'node');
export const cli = path.join(entries, 'cli.js');
/** Real DICOM objects; not part of the project, so tests that need them say so where they are missing. */
export const realDicom = path.resolve(root, '..', 'shared', 'data', 'dicom');
export const hasRealDicom = existsSync(realDicom);
if (!hasRealDicom && process.env['CI'] !== undefined) throw new Error('The real DICOM objects are missing: ../shared/data/dicom.');

type AnyRoute = RouteShape<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;
export interface CallInput { readonly params?: Record<string, string>; readonly query?: Record<string, string>; readonly body?: unknown }

export interface RealCore {
  readonly core: Core;
  readonly log: MemoryLog;
  readonly dir: string;
  /** Calls a route of the contract; an error answer is thrown as the error that it is. */
  call<Shape extends AnyRoute>(route: Shape, input?: CallInput): Promise<z.output<Shape['answer']>>;
  /** Ingests a folder and waits for the end. */
  ingest(folder: string): Promise<z.output<typeof routes.getIngest.answer>>;
  settled(job: Job): Promise<Job>;
  close(): Promise<void>;
}

export async function openRealCore(options: { packages?: string } = {}): Promise<RealCore> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-core-'));
  const log = createMemoryLog();
  const core = await createCore({
    paths: { library: path.join(dir, 'library'), packages: [options.packages ?? path.join(root, 'models')], entries, page: null },
    clock: systemClock,
    log,
    launchEngine: launchNodeEngine(path.join(entries, 'engine-process.js')),
    host: { kind: 'test' },
    version: '0.0.0-test',
  });
  const call: RealCore['call'] = async (route, input = {}) => {
    const url = new URL(Object.entries(input.params ?? {}).reduce((text, [name, value]) => text.replace(`:${name}`, encodeURIComponent(value)), route.path), 'http://core.invalid');
    for (const [name, value] of Object.entries(input.query ?? {})) url.searchParams.set(name, value);
    const response = await core.fetch(new Request(url, { method: route.method, ...(input.body === undefined ? {} : { body: JSON.stringify(input.body), headers: { 'content-type': 'application/json' } }) }));
    const answer: unknown = await response.json();
    if (!response.ok) throw ScanloomError.fromBody(ErrorBody.parse(answer));
    return route.answer.parse(answer) as z.output<(typeof route)['answer']>;
  };
  return {
    core, log, dir, call,
    async ingest(folder) {
      const { ingestId } = await call(routes.startIngest, { body: { handle: core.services.registerFolder(folder) } });
      await core.services.library.ingest.get(ingestId).done;
      return call(routes.getIngest, { params: { ingestId } });
    },
    settled: (job) => core.services.jobs.settled(job.jobId),
    async close() {
      await core.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
