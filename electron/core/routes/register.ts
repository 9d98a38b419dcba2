/** Binds a row of the contract's route table to a handler: everything that comes in is parsed strictly, everything that goes out is typed. */
import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { ScanloomError, type RouteShape } from '#contract';

export interface Parsed<Shape> {
  readonly params: Shape extends RouteShape<infer Params, z.ZodType, z.ZodType, z.ZodType> ? z.output<Params> : never;
  readonly query: Shape extends RouteShape<z.ZodType, infer Query, z.ZodType, z.ZodType> ? z.output<Query> : never;
  readonly body: Shape extends RouteShape<z.ZodType, z.ZodType, infer Body, z.ZodType> ? z.output<Body> : never;
}
type Answer<Shape> = Shape extends RouteShape<z.ZodType, z.ZodType, z.ZodType, infer Out> ? z.input<Out> : never;

/** Longest JSON body; a request for a job on a hundred thousand images fits. */
const maxJsonBytes = 16 * 1024 * 1024;

/** Parses with a schema; the message names the first thing that is wrong, without repeating long input. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? what : `${what}, ${issue.path.map(String).join('.')}`;
  throw new ScanloomError('request/invalid', `The request is not valid (${where}): ${(issue?.message ?? 'unknown fault').slice(0, 300)}.`, { hint: 'The page and the program may be of different versions; reload the page.' });
}

export function register<Shape extends RouteShape<z.ZodType, z.ZodType, z.ZodType, z.ZodType>>(app: Hono, route: Shape, handler: (input: Parsed<Shape>, context: Context) => Promise<Answer<Shape>> | Answer<Shape>): void {
  app.on(route.method, route.path, async (context) => {
    const input = {
      params: parseRequest(route.params, context.req.param(), 'path'),
      query: parseRequest(route.query, singleValues(context.req.url), 'query'),
      body: parseRequest(route.body, await readJson(context), 'body'),
    } as Parsed<Shape>;
    return context.json((await handler(input, context)) as object);
  });
}

/** A query key that comes twice is refused rather than silently reduced to one of its values. */
export function singleValues(url: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [key, value] of new URL(url).searchParams) {
    if (key in values) throw new ScanloomError('request/invalid', `The query names "${key.slice(0, 40)}" twice.`);
    values[key] = value;
  }
  return values;
}

async function readJson(context: Context): Promise<unknown> {
  if (context.req.method === 'GET') return {};
  const bytes = await readLimited(context.req.raw, maxJsonBytes);
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new ScanloomError('request/invalid', 'The body of the request is not JSON.');
  }
}

/** Reads a body and stops at the limit instead of trusting Content-Length. */
export async function readLimited(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    total += part.value.byteLength;
    if (total > maxBytes) {
      await reader.cancel();
      throw new ScanloomError('request/too-large', `The request is larger than ${Math.round(maxBytes / 1e6)} MB.`);
    }
    parts.push(part.value);
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}
