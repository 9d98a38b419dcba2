import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import { tokenHeader } from '#contract';
import { createGuard } from './guard.ts';
import { serveLoopback, type LoopbackServer } from './server.ts';

let folder: string;
let server: LoopbackServer;
const seen: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'scanloom-loopback-'));
  mkdirSync(path.join(folder, 'page'));
  writeFileSync(path.join(folder, 'page', 'index.html'), '<!doctype html>page');
  server = await serveLoopback({
    page: path.join(folder, 'page'),
    clock: systemClock,
    log: createMemoryLog(),
    async fetch(request) {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      if (request.url.endsWith('/api/echo')) return new Response(await request.arrayBuffer());
      if (request.url.endsWith('/api/endless')) return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')) }), { headers: { 'content-type': 'text/event-stream' } });
      if (request.url.endsWith('/api/broken')) throw new Error('a name that must not be answered');
      return Response.json({ ok: true });
    },
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Node's own fetch does not let a test choose `Host` and the like. */
function ask(target: string, headers: Record<string, string> = {}, method = 'GET', body?: Uint8Array): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = rawRequest({ agent: false, host: '127.0.0.1', port: server.port, path: target, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const withToken = (more: Record<string, string> = {}): Record<string, string> => ({ [tokenHeader]: server.token, ...more });

describe('who may ask', () => {
  test('a request without the token is refused and does not reach the core', async () => {
    seen.length = 0;
    for (const target of ['/', '/api/host', '/index.html']) expect((await ask(target)).status).toBe(401);
    expect((await ask('/api/host', { [tokenHeader]: 'f'.repeat(64) })).status).toBe(401);
    expect((await ask('/api/host', { cookie: `scanloom-${server.port}=${'f'.repeat(64)}` })).status).toBe(401);
    expect((await ask('/?token=wrong')).status).toBe(401);
    expect(seen).toEqual([]);
    expect(JSON.parse((await ask('/api/host')).body)).toMatchObject({ error: { code: 'request/unauthorised' } });
  });

  test('the token in the first address becomes a strict cookie, which then opens page and core', async () => {
    const first = await ask(new URL(server.url).search.replace(/^/, '/'));
    expect(first.status).toBe(303);
    expect(first.headers['location']).toBe('/');
    const cookie = first.headers['set-cookie']![0]!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const pair = cookie.split(';')[0]!;
    expect((await ask('/', { cookie: pair })).body).toBe('<!doctype html>page');
    expect((await ask('/api/host', { cookie: `other=1; ${pair}` })).status).toBe(200);
  });

  test('who comes from a link of another site gets a document that leads on, since a redirect would lose the cookie', async () => {
    const first = await ask(`/?token=${server.token}`, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' });
    expect(first.status).toBe(200);
    expect(first.body).toContain('url=/');
    expect(first.headers['set-cookie']).toBeDefined();
  });

  test.each([
    { name: 'a rebound name', headers: { host: 'evil.example:80' } },
    { name: 'another port in Host', headers: { host: '127.0.0.1:1' } },
    { name: 'another origin', headers: { origin: 'http://evil.example' } },
    { name: 'another port of this machine', headers: { origin: 'http://127.0.0.1:1' } },
    { name: 'an origin without a name', headers: { origin: 'null' } },
    { name: 'a picture on another page', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' } },
    { name: 'a script of another port', headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } },
    { name: 'a frame on another page', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' } },
  ])('$name is refused in spite of the token', async ({ headers }) => {
    seen.length = 0;
    expect((await ask('/api/host', withToken(headers as unknown as Record<string, string>))).status).toBe(403);
    expect(seen).toEqual([]);
  });

  test('the page itself may ask, by either name of this machine', async () => {
    for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`]) {
      expect((await ask('/api/host', withToken({ host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }))).status).toBe(200);
    }
  });

  test('a ticket opens the page once and not after a minute', () => {
    let now = 0;
    const guard = createGuard({ port: 80, token: 'a'.repeat(64), clock: { now: () => new Date(now) } });
    const enter = (word: string): number => guard.check(new Request(`http://127.0.0.1:80/?token=${word}`, { headers: { host: '127.0.0.1:80' } }))?.status ?? 0;
    const first = guard.ticket();
    expect(enter(first)).toBe(303);
    expect(enter(first)).toBe(401);
    const second = guard.ticket();
    now += 61_000;
    expect(enter(second)).toBe(401);
    expect(enter('a'.repeat(64))).toBe(303);
  });
});

describe('what is answered', () => {
  test('headers of data and page', async () => {
    const data = await ask('/api/host', withToken());
    expect(data.headers['content-security-policy']).toContain("default-src 'none'");
    expect(data.headers['x-content-type-options']).toBe('nosniff');
    expect(data.headers['cache-control']).toBe('no-store');
    expect(data.headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask('/', withToken())).headers['content-security-policy']).toContain("script-src 'self'");
    const head = await ask('/', withToken(), 'HEAD');
    expect([head.status, head.body]).toEqual([200, '']);
  });

  test('paths out of the page are not found', async () => {
    for (const target of ['/../package.json', '/%2e%2e/package.json', '/api', '/nothing']) expect((await ask(target, withToken())).status).toBe(404);
    expect((await ask('/', withToken(), 'POST')).status).toBe(404);
  });

  test('a body arrives whole; one that announces too much is refused before it is read', async () => {
    const body = new Uint8Array(300_000).fill(65);
    expect((await ask('/api/echo', withToken({ 'content-length': String(body.byteLength) }), 'POST', body)).body).toHaveLength(300_000);
    seen.length = 0;
    const refused = await ask('/api/echo', withToken({ 'content-length': String(17 * 1024 ** 2) }), 'POST').catch(() => ({ status: 413 }));
    expect(refused.status).toBe(413);
    expect(seen).toEqual([]);
  });

  test('a failure inside tells nothing but that it happened', async () => {
    const answer = await ask('/api/broken', withToken());
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('must not be answered');
  });
});

test('a taken port is said in words', async () => {
  await expect(serveLoopback({ page: null, clock: systemClock, log: createMemoryLog(), port: server.port, fetch: () => Promise.resolve(new Response()) })).rejects.toThrow(`Port ${server.port} is in use.`);
});

test('closing ends a stream that has no end', async () => {
  const other = await serveLoopback({ page: null, clock: systemClock, log: createMemoryLog(), fetch: () => Promise.resolve(new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(4)) }))) });
  const response = await fetch(`http://127.0.0.1:${other.port}/api/events`, { headers: { [tokenHeader]: other.token } });
  const reading = response.text().catch(() => 'ended');
  await other.close();
  expect(await reading).toBe('ended');
});
