/** The Fetch handler: one file of handlers per part of the contract, errors answered as data. */
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ScanloomError } from '#contract';
import { deidentifyRoutes } from './deidentify-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { hostRoutes } from './host-routes.ts';
import { ingestRoutes } from './ingest-routes.ts';
import { itemRoutes } from './item-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { markRoutes } from './mark-routes.ts';
import { objectRoutes } from './object-routes.ts';
import { packageRoutes } from './package-routes.ts';
import type { Services } from './services.ts';
import { studyRoutes } from './study-routes.ts';

export type { HostServices, Services } from './services.ts';

const table: readonly ((app: Hono, services: Services) => void)[] = [hostRoutes, ingestRoutes, studyRoutes, objectRoutes, packageRoutes, jobRoutes, itemRoutes, markRoutes, exportRoutes, deidentifyRoutes, eventRoutes];

export function createFetch(services: Services): (request: Request) => Promise<Response> {
  const app = new Hono();
  app.notFound((context) => context.json(new ScanloomError('request/not-found', 'There is no such address.').toBody(), 404));
  app.onError((thrown, context) => {
    const error = ScanloomError.from(thrown);
    if (error.code === 'internal') services.log.error('request-failed', { path: new URL(context.req.url).pathname.replace(/[0-9.]{10,}/g, '…'), cause: String((thrown as Error).stack ?? thrown).slice(0, 2000) });
    return context.json(error.toBody(), error.status as ContentfulStatusCode);
  });
  for (const add of table) add(app, services);
  return async (request) => await app.fetch(request);
}
