/** The event stream: what the reader missed since the last number it saw, then what happens, with a comment every 15 s so that a dead connection is noticed. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { binaryRoutes, type ScanloomEvent } from '#contract';
import { parseRequest, singleValues } from './register.ts';
import type { Services } from './services.ts';

const Query = z.strictObject({ after: z.coerce.number().int().min(0).optional() });
const keepAliveMs = 15_000;

export function eventRoutes(app: Hono, { library }: Services): void {
  app.get(binaryRoutes.events.path, (context) => {
    const query = parseRequest(Query, singleValues(context.req.url), 'query');
    const header = context.req.header('last-event-id');
    const after = header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : query.after;
    const encoder = new TextEncoder();
    let stop = (): void => undefined;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (event: ScanloomEvent): void => controller.enqueue(encoder.encode(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`));
        controller.enqueue(encoder.encode('retry: 1000\n\n'));
        if (after !== undefined) for (const event of library.events.after(after)) send(event);
        const unsubscribe = library.events.subscribe(send);
        const timer = setInterval(() => controller.enqueue(encoder.encode(': still here\n\n')), keepAliveMs);
        stop = () => {
          clearInterval(timer);
          unsubscribe();
        };
      },
      cancel() {
        stop();
      },
    });
    context.req.raw.signal.addEventListener('abort', () => stop());
    return new Response(stream, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' } });
  });
}
