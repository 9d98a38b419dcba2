/** The built page as answers to requests. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ScanloomError } from '#contract';
import { pagePolicy, withSecurityHeaders } from './security-headers.ts';

/** Answers a GET for one of the page's files; null for any other path. `pathname` is as it stands in the URL. */
export type PageFiles = (pathname: string) => Promise<Response | null>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads the names of the page's files once; later requests are looked up among them, so no path from outside reaches the file system.
 *
 * @param folder The built page (`dist/page`).
 * @throws {ScanloomError} `input/not-found` when the page is not built.
 */
export function createPageFiles(folder: string): PageFiles {
  const files = new Map<string, string>();
  const visit = (at: string, prefix: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(path.join(at, entry.name), `${prefix}${entry.name}/`);
      else if (entry.isFile() && contentTypes[path.extname(entry.name)] !== undefined) files.set(`${prefix}${entry.name}`, path.join(at, entry.name));
    }
  };
  try {
    visit(folder, '/');
  } catch (cause) {
    throw new ScanloomError('input/not-found', 'The page is not built.', { hint: 'npm run build makes it.', cause });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new ScanloomError('input/not-found', 'The page is not built.', { hint: 'npm run build makes it.' });
  files.set('/', index);

  return async (pathname) => {
    const file = files.get(pathname);
    if (file === undefined) return null;
    const bytes = await readFile(file);
    // Files under assets/ carry a hash of their content in their names.
    const cache = pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
    return withSecurityHeaders(
      new Response(new Uint8Array(bytes), { headers: { 'content-type': contentTypes[path.extname(file)]!, 'content-length': String(bytes.byteLength), 'cache-control': cache } }),
      pagePolicy,
    );
  };
}
