import type { Hono } from 'hono';
import { binaryRoutes, routes } from '#contract';
import { binary } from './binary.ts';
import { parseRequest, register } from './register.ts';
import type { Services } from './services.ts';

export function deidentifyRoutes(app: Hono, services: Services): void {
  const { pixelReview, studyCopies, library } = services;
  register(app, routes.startPixelSearch, ({ body }) => pixelReview.start(body.studyInstanceUid));
  register(app, routes.getPixelSearch, ({ params }) => pixelReview.get(params.searchId));
  register(app, routes.cancelPixelSearch, ({ params }) => pixelReview.cancel(params.searchId));
  register(app, routes.previewFace, ({ body }) => studyCopies.previewFace(body.seriesInstanceUid));
  register(app, routes.planStudyCopy, ({ body }) => studyCopies.plan(body));
  register(app, routes.startStudyCopy, ({ body }) => studyCopies.start(body, body.folderHandle === undefined ? undefined : services.folderOf(body.folderHandle)));
  register(app, routes.getStudyCopy, ({ params }) => studyCopies.get(params.copyId));
  register(app, routes.cancelStudyCopy, ({ params }) => studyCopies.cancel(params.copyId));
  app.get(binaryRoutes.imagePicture.path, async (context) => {
    const { imageId } = parseRequest(binaryRoutes.imagePicture.params, context.req.param(), 'path');
    return binary(await library.images.picture(imageId), 'image/png');
  });
  app.get(binaryRoutes.facePicture.path, (context) => {
    const { faceId } = parseRequest(binaryRoutes.facePicture.params, context.req.param(), 'path');
    return binary(studyCopies.facePicture(faceId), 'image/png');
  });
  app.get(binaryRoutes.studyCopyReport.path, async (context) => {
    const { copyId } = parseRequest(binaryRoutes.studyCopyReport.params, context.req.param(), 'path');
    // The report carries its own style and no script; it may load nothing.
    return new Response(new Uint8Array(await studyCopies.report(copyId)), { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox", 'cache-control': 'no-store' } });
  });
}
