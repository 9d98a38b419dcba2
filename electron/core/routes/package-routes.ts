import type { Hono } from 'hono';
import { binaryRoutes, routes } from '#contract';
import { binary } from './binary.ts';
import { parseRequest, register } from './register.ts';
import type { Services } from './services.ts';

export function packageRoutes(app: Hono, { packages }: Services): void {
  register(app, routes.listPackages, () => packages.list());
  register(app, routes.listUnreadablePackages, async () => (await packages.unreadable()).map(({ folder, message, hint }) => ({ folder, message, ...(hint === undefined ? {} : { hint }) })));
  register(app, routes.getPackageCard, async ({ params }) => ({ markdown: await packages.card(params.packageId) }));
  app.get(binaryRoutes.packageSamples.path, async (context) => {
    const { packageId } = parseRequest(binaryRoutes.packageSamples.params, context.req.param(), 'path');
    return binary(await packages.samples(packageId), 'image/png');
  });
}
