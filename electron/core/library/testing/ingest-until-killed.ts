/** Started by a test as a process of its own: ingests a folder and says on standard output how many images the library has accepted. */
import { createMemoryLog, systemClock } from '#base';
import { openLibrary } from '../open-library.ts';

const [dir, folder, entry] = process.argv.slice(2);
const library = await openLibrary({ dir: dir!, clock: systemClock, log: createMemoryLog(), workers: { entry: entry!, size: 2 } });
const handle = library.ingest.start([folder!]);
library.events.subscribe(() => {
  const { imagesAdded, imagesKnown } = handle.state();
  process.stdout.write(`${imagesAdded + imagesKnown}\n`);
});
await handle.done;
process.stdout.write('end\n');
await library.close();
