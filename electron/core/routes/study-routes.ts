import type { Hono } from 'hono';
import { binaryRoutes, pixelHeaders, routes } from '#contract';
import { parseRequest, register } from './register.ts';
import type { Services } from './services.ts';
import { binary } from './binary.ts';

export function studyRoutes(app: Hono, { library }: Services): void {
  register(app, routes.listStudies, ({ query }) => library.studies.list(query));
  register(app, routes.getStudy, ({ params }) => library.studies.get(params.studyUid));
  register(app, routes.forgetStudy, ({ params }) => ({ forgotten: library.studies.forget(params.studyUid) }));
  register(app, routes.getSeries, ({ params }) => library.studies.series(params.seriesUid));

  app.get(binaryRoutes.imagePixels.path, async (context) => {
    const { imageId } = parseRequest(binaryRoutes.imagePixels.params, context.req.param(), 'path');
    const frame = await library.images.pixels(imageId);
    return binary(frame.stored, 'application/octet-stream', {
      [pixelHeaders.dtype]: frame.dtype,
      [pixelHeaders.rows]: String(frame.rows),
      [pixelHeaders.columns]: String(frame.columns),
      [pixelHeaders.samples]: String(frame.samples),
      [pixelHeaders.photometric]: frame.photometricInterpretation,
    });
  });

  app.get(binaryRoutes.seriesThumbnail.path, async (context) => {
    const { seriesUid } = parseRequest(binaryRoutes.seriesThumbnail.params, context.req.param(), 'path');
    const { stack } = parseRequest(binaryRoutes.seriesThumbnail.query, context.req.query(), 'query');
    return binary(await library.thumbnails.series(seriesUid, stack), 'image/png');
  });
}
