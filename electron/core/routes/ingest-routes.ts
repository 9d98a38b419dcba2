import type { Hono } from 'hono';
import { binaryRoutes, routes } from '#contract';
import { parseRequest, register, singleValues } from './register.ts';
import type { Services } from './services.ts';

export function ingestRoutes(app: Hono, services: Services): void {
  const { library, uploads } = services;

  register(app, routes.startIngest, ({ body }) => library.ingest.start([services.folderOf(body.handle)]).state());
  register(app, routes.getIngest, ({ params }) => library.ingest.get(params.ingestId).state());
  register(app, routes.cancelIngest, ({ params }) => {
    const ingest = library.ingest.get(params.ingestId);
    ingest.cancel();
    return ingest.state();
  });

  register(app, routes.openUpload, async () => ({ uploadId: await uploads.open() }));
  app.put(binaryRoutes.upload.path, async (context) => {
    const { uploadId } = parseRequest(binaryRoutes.upload.params, context.req.param(), 'path');
    const query = parseRequest(binaryRoutes.upload.query, singleValues(context.req.url), 'query');
    await uploads.receive(uploadId, query.path, context.req.raw.body);
    return context.json({});
  });
  register(app, routes.finishUpload, async ({ params }) => library.ingest.start([await uploads.finish(params.uploadId)]).state());
}
