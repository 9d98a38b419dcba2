import type { Hono } from 'hono';
import { binaryRoutes, maskHeaders, pixelHeaders, routes } from '#contract';
import { binary } from './binary.ts';
import { parseRequest, register } from './register.ts';
import type { Services } from './services.ts';

/** What a study holds beside plain images, and how images ask to be shown. */
export function objectRoutes(app: Hono, { library: { objects } }: Services): void {
  register(app, routes.listStudyObjects, ({ params }) => objects.ofStudy(params.studyUid));
  register(app, routes.listSeriesObjects, ({ params }) => objects.ofSeries(params.seriesUid));
  register(app, routes.getObjectContent, ({ params }) => objects.content(params.objectUid));
  register(app, routes.getSegmentation, ({ params, query }) => objects.segmentation(params.objectUid, query.seriesUid));
  register(app, routes.getStructureSet, ({ params, query }) => objects.structureSet(params.objectUid, query.seriesUid));
  register(app, routes.getContours, ({ params }) => objects.contours(params.objectUid, params.imageId));
  register(app, routes.getPresentationState, ({ params }) => objects.presentationState(params.objectUid));
  register(app, routes.getImageDisplay, ({ params }) => objects.display(params.imageId));

  const plane = (bytes: Uint8Array, rows: number, columns: number, samples: number, more: Record<string, string> = {}): Response => binary(bytes, 'application/octet-stream', {
    [pixelHeaders.dtype]: 'uint8',
    [pixelHeaders.rows]: String(rows),
    [pixelHeaders.columns]: String(columns),
    [pixelHeaders.samples]: String(samples),
    [pixelHeaders.photometric]: samples === 3 ? 'RGB' : 'MONOCHROME2',
    ...more,
  });

  app.get(binaryRoutes.segmentMasks.path, async (context) => {
    const { objectUid, imageId } = parseRequest(binaryRoutes.segmentMasks.params, context.req.param(), 'path');
    const { rows, columns, how, segments, planes } = await objects.masks(objectUid, imageId);
    return plane(planes, rows, columns, 1, { [maskHeaders.segments]: segments.join(','), [maskHeaders.how]: how ?? '' });
  });
  app.get(binaryRoutes.imageOverlay.path, async (context) => {
    const { imageId, group } = parseRequest(binaryRoutes.imageOverlay.params, context.req.param(), 'path');
    const { rows, columns, bits } = await objects.imageOverlay(imageId, group);
    return plane(bits ?? new Uint8Array(rows * columns), rows, columns, 1);
  });
  app.get(binaryRoutes.objectOverlay.path, async (context) => {
    const { objectUid, group } = parseRequest(binaryRoutes.objectOverlay.params, context.req.param(), 'path');
    const { rows, columns, bits } = await objects.objectOverlay(objectUid, group);
    return plane(bits ?? new Uint8Array(rows * columns), rows, columns, 1);
  });
  app.get(binaryRoutes.imageColour.path, async (context) => {
    const { imageId } = parseRequest(binaryRoutes.imageColour.params, context.req.param(), 'path');
    const { rows, columns, pixels } = await objects.colour(imageId);
    return plane(pixels, rows, columns, 3);
  });
}
