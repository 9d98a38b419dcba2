import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Hono } from 'hono';
import { binaryRoutes, routes } from '#contract';
import { parseRequest, register } from './register.ts';
import type { Services } from './services.ts';

export function exportRoutes(app: Hono, services: Services): void {
  const { exports, overview } = services;
  register(app, routes.startExport, ({ body }) => exports.start({ ...body, ...(body.folderHandle === undefined ? {} : { folder: services.folderOf(body.folderHandle) }) }).record);
  register(app, routes.listExports, () => exports.list());
  register(app, routes.getExport, ({ params }) => exports.get(params.exportId));
  register(app, routes.getExportManifest, ({ params }) => exports.manifest(params.exportId));
  register(app, routes.cancelExport, ({ params }) => exports.cancel(params.exportId));
  register(app, routes.verifyExport, async ({ params }) => {
    const report = await exports.verify(exports.get(params.exportId).folder);
    return { ...report, findings: [...report.findings, ...overview.warningsOf(params.exportId)] };
  });
  register(app, routes.exportOverviews, () => overview.exports());
  app.get(binaryRoutes.exportReport.path, async (context) => {
    const { exportId } = parseRequest(binaryRoutes.exportReport.params, context.req.param(), 'path');
    const html = await readFile(path.join(exports.get(exportId).folder, 'report.html'));
    // The report carries its own style and no script; it may load nothing.
    return new Response(new Uint8Array(html), { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox", 'cache-control': 'no-store' } });
  });
}
