/** Who may talk to the loopback host. Pure: a request goes in, null (go on) or the refusal comes out. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ScanloomError, tokenHeader } from '#contract';
import type { Clock } from '#base';

export interface Guard {
  /** The answer that ends the request here: a refusal, or the exchange of the token for the cookie. Null when the request may go on. */
  check(request: Request): Response | null;
  /** A word for one opening of the page within a minute, to be handed to a browser on its command line. */
  ticket(): string;
}

const ticketMs = 60_000;
/** Longest JSON body that the core takes, and longest upload: refused here by their announced length, before any byte is read. */
const maxJsonBytes = 16 * 1024 ** 2;
const maxUploadBytes = 8 * 1024 ** 3;

/** @param port Where the server listens. @param token 64 hexadecimal digits. */
export function createGuard({ port, token, clock }: { readonly port: number; readonly token: string; readonly clock: Clock }): Guard {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const cookieName = `scanloom-${port}`;
  let ticket: { readonly word: string; readonly until: number } | null = null;

  const redeem = (word: string): boolean => {
    if (same(word, token)) return true;
    if (ticket === null || clock.now().getTime() > ticket.until || !same(word, ticket.word)) return false;
    ticket = null;
    return true;
  };

  return {
    ticket() {
      const word = randomBytes(32).toString('hex');
      ticket = { word, until: clock.now().getTime() + ticketMs };
      return word;
    },

    check(request) {
      const url = new URL(request.url);
      const host = request.headers.get('host') ?? '';
      if (!hosts.has(host)) return refusal('request/forbidden', 'This address does not belong to Scanloom.');

      const origin = request.headers.get('origin');
      if (origin !== null && origin !== `http://${host}`) return refusal('request/forbidden', 'Another page may not use Scanloom.');

      // A person who follows a link arrives by navigation; anything else from another site is another page's doing.
      const site = request.headers.get('sec-fetch-site');
      const navigates = request.headers.get('sec-fetch-mode') === 'navigate' && request.headers.get('sec-fetch-dest') === 'document';
      if (site !== null && site !== 'same-origin' && site !== 'none' && !navigates) return refusal('request/forbidden', 'Another page may not use Scanloom.');

      const given = url.searchParams.get('token');
      if (given !== null && url.pathname === '/' && request.method === 'GET') {
        if (!redeem(given)) return notAllowed(request);
        return welcome(`${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`, site !== null && site !== 'none' && site !== 'same-origin');
      }

      const presented = request.headers.get(tokenHeader) ?? cookieOf(request, cookieName);
      if (presented === null || !same(presented, token)) return notAllowed(request);

      const announced = Number(request.headers.get('content-length') ?? '0');
      const limit = request.method === 'PUT' && url.pathname.startsWith('/api/uploads/') ? maxUploadBytes : maxJsonBytes;
      if (!(announced <= limit)) return refusal('request/too-large', `The request is larger than ${Math.round(limit / 1e6)} MB.`);
      return null;
    },
  };
}

/** Equal, in a time that does not tell how many characters were right. */
function same(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function cookieOf(request: Request, name: string): string | null {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

function refusal(code: 'request/forbidden' | 'request/unauthorised' | 'request/too-large', message: string, hint?: string): Response {
  const error = new ScanloomError(code, message, hint === undefined ? {} : { hint });
  return Response.json({ error: error.toBody() }, { status: error.status });
}

function notAllowed(request: Request): Response {
  const message = 'Scanloom does not know this browser.';
  const hint = 'Open the link that Scanloom printed when it started; it holds the key of this run.';
  // A person sees a sentence, a program an error of the usual shape.
  if (request.headers.get('accept')?.includes('text/html') === true) return new Response(`${message}\n${hint}\n`, { status: 401, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  return refusal('request/unauthorised', message, hint);
}

/**
 * Sets the cookie and leads to the page. A browser that came by a link of another site would leave out a `SameSite=Strict` cookie when it
 * follows a redirect, so there the step to the page is made by a document of our own.
 */
function welcome(cookie: string, fromElsewhere: boolean): Response {
  const headers = new Headers({ 'set-cookie': cookie, 'cache-control': 'no-store' });
  if (!fromElsewhere) {
    headers.set('location', '/');
    return new Response(null, { status: 303, headers });
  }
  headers.set('content-type', 'text/html; charset=utf-8');
  return new Response('<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Scanloom</title>', { headers });
}
