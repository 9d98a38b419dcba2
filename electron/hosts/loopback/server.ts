/** The HTTP server around the core's handler. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Clock, Log } from '#base';
import { ScanloomError } from '#contract';
import { createPageFiles, dataPolicy, withSecurityHeaders, type PageFiles } from '../page-files/index.ts';
import { createGuard } from './guard.ts';

const address = '127.0.0.1';
/** How long answers under way may still take when the server closes. */
const farewellMs = 2000;

export interface LoopbackOptions {
  /** The core's handler: everything under /api/. */
  fetch(request: Request): Promise<Response>;
  /** The built page, or null to serve the API alone. */
  readonly page: string | null;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 lets the system choose. */
  readonly port?: number;
}

export interface LoopbackServer {
  readonly port: number;
  /** What opens the page, with the token of this run. */
  readonly url: string;
  readonly token: string;
  /** A link for one opening within a minute. */
  oneTimeUrl(): string;
  close(): Promise<void>;
}

/** @throws {ScanloomError} `usage/invalid` when the port is taken; `input/not-found` when the page is not built. */
export async function serveLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const page: PageFiles | null = options.page === null ? null : createPageFiles(options.page);
  const token = randomBytes(32).toString('hex');
  let handler: (request: Request) => Promise<Response> = () => Promise.resolve(new Response(null, { status: 503 }));

  const server = createServer(getRequestListener((request) => handler(request), { hostname: address, overrideGlobalObjects: false }));
  const port = await listen(server, options.port ?? 0);
  const guard = createGuard({ port, token, clock: options.clock });

  handler = async (request) => {
    try {
      return await answer(request);
    } catch (thrown) {
      options.log.error('loopback-request-failed', { reason: thrown instanceof Error ? thrown.name : 'unknown' });
      const error = ScanloomError.from(thrown);
      return withSecurityHeaders(Response.json({ error: error.toBody() }, { status: error.status }), dataPolicy);
    }
  };

  async function answer(request: Request): Promise<Response> {
    const stop = guard.check(request);
    if (stop !== null) return withSecurityHeaders(stop, dataPolicy);
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/api/')) return withSecurityHeaders(await options.fetch(request), dataPolicy);
    if (request.method === 'GET' || request.method === 'HEAD') {
      const file = await page?.(pathname);
      if (file) return request.method === 'HEAD' ? new Response(null, { headers: file.headers }) : file;
    }
    const error = new ScanloomError('request/not-found', 'There is nothing at this address.');
    return withSecurityHeaders(Response.json({ error: error.toBody() }, { status: error.status }), dataPolicy);
  }

  const open = (word: string): string => `http://${address}:${port}/?token=${word}`;
  return {
    port,
    token,
    url: open(token),
    oneTimeUrl: () => open(guard.ticket()),
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') reject(new ScanloomError('usage/invalid', `Port ${port} is in use.`, { hint: 'Leave --port out, and the system chooses a free one.', cause }));
      else if (cause.code === 'EACCES') reject(new ScanloomError('usage/invalid', `Port ${port} may not be used here.`, { hint: 'Take a port above 1023, or leave --port out.', cause }));
      else reject(cause);
    });
    server.listen(port, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new ScanloomError('internal', 'The server has no port.'));
      else resolve(bound.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Event streams never end by themselves.
    const cut = setTimeout(() => server.closeAllConnections(), farewellMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
