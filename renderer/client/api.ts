/**
 * The only caller of fetch. Calls are made from the contract's table of routes: path, parameters, query, body and answer are those of the row,
 * and an answer that is not what the row says is an error, not a surprise further on.
 */
import { ErrorBody, ScanloomError, binaryRoutes, maskHeaders, pixelHeaders, routes } from '#contract';
import type { PixelDtype, RouteShape } from '#contract';
import type { z } from 'zod';

type Routes = typeof routes;
type Row = RouteShape<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;
export type RouteName = keyof Routes;
/** A part of a call: to be given where the row has keys in it that must be given. */
type Part<K extends string, Given> = Record<string, never> extends Given ? { [key in K]?: Given } : { [key in K]: Given };
type Inputs = { [N in RouteName]: Part<'params', z.input<Routes[N]['params']>> & Part<'query', z.input<Routes[N]['query']>> & Part<'body', z.input<Routes[N]['body']>> & { signal?: AbortSignal; keepalive?: boolean } };
export type CallInput<N extends RouteName> = Inputs[N];
type Answers = { [N in RouteName]: z.output<Routes[N]['answer']> };
export type Answer<N extends RouteName> = Answers[N];

/** Puts parameters into `:name` places; every value is percent-encoded. */
export function fillPath(path: string, params: Readonly<Record<string, string | number>> = {}): string {
  return path.replace(/:([a-zA-Z]+)/g, (_whole, name: string) => {
    const value = params[name];
    if (value === undefined) throw new ScanloomError('internal', `The path ${path} needs ${name}.`);
    return encodeURIComponent(String(value));
  });
}

/** Query text with a leading `?`, or nothing; undefined values are left out. */
export function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** Any failed answer as a ScanloomError: the host's own where it sent one, else words for what the connection did. */
async function failure(response: Response): Promise<ScanloomError> {
  try {
    const body: unknown = await response.json();
    const inner = typeof body === 'object' && body !== null && 'error' in body ? body.error : body;
    return ScanloomError.fromBody(ErrorBody.parse(inner));
  } catch {
    if (response.status === 401) return new ScanloomError('request/unauthorised', 'This page has lost its key to the host.', { hint: 'Open Scanloom again from where you started it.' });
    return new ScanloomError('internal', `The host answered with status ${response.status}.`, { hint: 'The log has the details.' });
  }
}

async function send(input: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ScanloomError('request/unsupported', noAnswer, { hint: 'Is it still running? Finished work is kept.', cause: error });
  }
  if (!response.ok) throw await failure(response);
  return response;
}

/** What is said when no answer comes at all. */
export const noAnswer = 'Scanloom does not answer.';

/** Browsers send no more than 64 KiB for a page that is gone, all such calls together; characters may take three bytes. */
const mostKeptAlive = 20_000;

/** Calls one row of the table. With `keepalive` a small body arrives though the page is left meanwhile. @throws {ScanloomError} what the host refused, in its words. */
export async function call<N extends RouteName>(name: N, ...rest: Partial<CallInput<N>> extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>]): Promise<Answer<N>> {
  const route: Row = routes[name];
  const input = (rest[0] ?? {}) as { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown; signal?: AbortSignal; keepalive?: boolean };
  const url = fillPath(route.path, input.params) + queryText(input.query);
  const init: RequestInit = { method: route.method, signal: input.signal ?? null };
  if (route.method === 'POST' || route.method === 'PUT') {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(input.body ?? {});
    if (input.keepalive === true && init.body.length < mostKeptAlive) init.keepalive = true;
  }
  const response = await send(url, init);
  const parsed = route.answer.safeParse(await response.json());
  if (!parsed.success) throw new ScanloomError('internal', `The host's answer to ${name} is not what was agreed.`, { details: { issue: parsed.error.issues[0]?.message ?? '', at: parsed.error.issues[0]?.path.join('.') ?? '' } });
  return parsed.data as Answer<N>;
}

export interface PixelAnswer {
  readonly bytes: ArrayBuffer;
  readonly dtype: PixelDtype;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly photometric: string;
}

const dtypes = new Set(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64']);

/** Bytes of one frame with what the headers say of them. */
export async function fetchPixels(url: string, signal?: AbortSignal): Promise<PixelAnswer> {
  const response = await send(url, { method: 'GET', signal: signal ?? null });
  const dtype = response.headers.get(pixelHeaders.dtype) ?? '';
  const rows = Number(response.headers.get(pixelHeaders.rows));
  const columns = Number(response.headers.get(pixelHeaders.columns));
  const samples = Number(response.headers.get(pixelHeaders.samples) ?? '1');
  if (!dtypes.has(dtype) || !(rows > 0) || !(columns > 0) || !(samples > 0)) throw new ScanloomError('internal', 'The pixels came without a description of their shape.');
  return { bytes: await response.arrayBuffer(), dtype: dtype as PixelDtype, rows, columns, samples, photometric: response.headers.get(pixelHeaders.photometric) ?? '' };
}

export interface MaskAnswer {
  readonly rows: number;
  readonly columns: number;
  /** One plane a segment, row-major: 0 or 1, or 0…255 of a fractional one. */
  readonly planes: readonly { readonly number: number; readonly bytes: Uint8Array }[];
  /** `reference`: the file names the image; `geometry`: only its place does; '' without a mask. */
  readonly how: string;
}

/** The masks of a segmentation on one image; no planes where it marks nothing there. */
export async function fetchMasks(objectUid: string, imageId: string, signal?: AbortSignal): Promise<MaskAnswer> {
  const response = await send(fillPath(binaryRoutes.segmentMasks.path, { objectUid, imageId }), { method: 'GET', signal: signal ?? null });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const rows = Number(response.headers.get(pixelHeaders.rows) ?? 0);
  const columns = Number(response.headers.get(pixelHeaders.columns) ?? 0);
  const numbers = (response.headers.get(maskHeaders.segments) ?? '').split(',').filter((text) => text.trim() !== '').map(Number);
  const size = rows * columns;
  if (size * numbers.length > bytes.length) throw new ScanloomError('internal', 'The masks came with fewer pixels than their shape says.');
  return { rows, columns, how: response.headers.get(maskHeaders.how) ?? '', planes: numbers.map((number, i) => ({ number, bytes: bytes.subarray(i * size, (i + 1) * size) })) };
}

/** Sends one file of an upload. `path` is relative to what was dropped. */
export async function uploadFile(uploadId: string, path: string, file: Blob, signal?: AbortSignal): Promise<void> {
  const url = fillPath(binaryRoutes.upload.path, { uploadId }) + queryText({ path });
  await send(url, { method: 'PUT', body: file, headers: { 'content-type': 'application/octet-stream' }, signal: signal ?? null });
}

/** Addresses for `src` attributes. */
export const urls = {
  imagePixels: (imageId: string) => fillPath(binaryRoutes.imagePixels.path, { imageId }),
  imageColour: (imageId: string) => fillPath(binaryRoutes.imageColour.path, { imageId }),
  imageOverlay: (imageId: string, group: number) => fillPath(binaryRoutes.imageOverlay.path, { imageId, group }),
  objectOverlay: (objectUid: string, group: number) => fillPath(binaryRoutes.objectOverlay.path, { objectUid, group }),
  imagePicture: (imageId: string) => fillPath(binaryRoutes.imagePicture.path, { imageId }),
  facePicture: (faceId: string) => fillPath(binaryRoutes.facePicture.path, { faceId }),
  studyCopyReport: (copyId: string) => fillPath(binaryRoutes.studyCopyReport.path, { copyId }),
  seriesThumbnail: (seriesUid: string, stack?: number) => fillPath(binaryRoutes.seriesThumbnail.path, { seriesUid }) + (stack === undefined ? '' : queryText({ stack })),
  itemPixels: (itemId: string, frame: number) => fillPath(binaryRoutes.itemPixels.path, { itemId, frame }),
  itemThumbnail: (itemId: string) => fillPath(binaryRoutes.itemThumbnail.path, { itemId }),
  packageSamples: (packageId: string) => fillPath(binaryRoutes.packageSamples.path, { packageId }),
  exportReport: (exportId: string) => fillPath(binaryRoutes.exportReport.path, { exportId }),
} as const;
