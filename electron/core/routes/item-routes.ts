import type { Hono } from 'hono';
import { binaryRoutes, routes, ScanloomError } from '#contract';
import { binary } from './binary.ts';
import { parseRequest, register } from './register.ts';
import type { Services } from './services.ts';

export function itemRoutes(app: Hono, { library, review, overview }: Services): void {
  register(app, routes.listItems, ({ query }) => library.items.list(query));
  register(app, routes.getItem, ({ params }) => {
    const { item, images, sourceImageIds } = library.items.get(params.itemId);
    return { item, images: [...images], sourceImageIds: [...sourceImageIds] };
  });
  register(app, routes.getItemLedger, ({ params }) => library.ledger.get(library.items.get(params.itemId).item.ledgerIndex));

  const frameOf = async (itemId: string, frame: number) => {
    const found = library.items.get(itemId);
    const blob = found.blobs[frame];
    const image = found.images[frame];
    if (blob === undefined || image === undefined) throw new ScanloomError('request/not-found', `The item has ${found.blobs.length} images; there is no number ${frame}.`);
    return { bytes: await library.blobs.get(blob), image };
  };

  app.get(binaryRoutes.itemPixels.path, async (context) => {
    const { itemId, frame } = parseRequest(binaryRoutes.itemPixels.params, context.req.param(), 'path');
    const { bytes, image } = await frameOf(itemId, frame);
    return binary(bytes, 'application/octet-stream', { 'x-scanloom-dtype': 'float32', 'x-scanloom-rows': String(image.rows), 'x-scanloom-columns': String(image.columns), 'x-scanloom-samples': '1', 'x-scanloom-photometric': 'MONOCHROME2' });
  });

  app.get(binaryRoutes.itemThumbnail.path, async (context) => {
    const { itemId } = parseRequest(binaryRoutes.itemThumbnail.params, context.req.param(), 'path');
    const middle = Math.floor(library.items.get(itemId).item.frames / 2);
    const { bytes, image } = await frameOf(itemId, middle);
    // A copy is aligned to four bytes, which a blob read from disk need not be.
    const values = new Float32Array(bytes.slice().buffer);
    return binary(await library.thumbnails.of(values, image.rows, image.columns, image.window, true), 'image/png');
  });

  register(app, routes.decide, ({ body }) => review.decide(body));
  register(app, routes.undoDecision, ({ body }) => ({ item: review.undo(body) }));
  register(app, routes.reviewSummary, ({ query }) => review.summary(query));
  register(app, routes.runOverviews, () => overview.runs());
  register(app, routes.identicalItems, () => library.items.identical());
}
