import type { Hono } from 'hono';
import { routes } from '#contract';
import { register } from './register.ts';
import type { Services } from './services.ts';

export function markRoutes(app: Hono, { marks }: Services): void {
  register(app, routes.getMarks, ({ params }) => marks.get(params.owner));
  register(app, routes.putMarks, ({ params, body }) => {
    marks.put(params.owner, body);
    return body;
  });
}
