/** Where the program's own files lie, seen from a built entry. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface Places {
  /** Built worker and engine entries. */
  readonly entries: string;
  /** The bundled model packages. */
  readonly models: string;
  readonly testData: string;
  /** The built page; null where it is not built. */
  readonly page: string | null;
  readonly version: string;
}

/**
 * @param entryUrl `import.meta.url` of an entry two folders below the program's own (dist/node/cli.js, dist/electron/main.js).
 * @param resources Where an installed program keeps what is not code; the program's own folder in a checkout.
 */
export function findPlaces(entryUrl: string, resources?: string): Places {
  const root = path.resolve(path.dirname(fileURLToPath(entryUrl)), '..', '..');
  const page = path.join(root, 'dist', 'page');
  return {
    entries: path.join(root, 'dist', 'node'),
    models: path.join(resources ?? root, 'models'),
    testData: path.join(resources ?? root, 'test-data'),
    page: existsSync(path.join(page, 'index.html')) ? page : null,
    version: z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))).version,
  };
}
