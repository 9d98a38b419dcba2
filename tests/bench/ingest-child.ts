/**
 * A process of its own that ingests a folder and then the same folder again, so that what it keeps in memory is the ingest's and not a test
 * runner's. Says on standard output, as JSON lines, what it holds while it runs, and in the last line what came of it. To be started with --expose-gc.
 */
import { createMemoryLog, systemClock } from '#base';
import { openLibrary } from '#library';

const [dir, folder, entry] = process.argv.slice(2);
const collect = (globalThis as { gc?: () => void }).gc;
const mb = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;

const library = await openLibrary({ dir: dir!, clock: systemClock, log: createMemoryLog(), workers: { entry: entry!, size: 2 } });
/** At their highest, bytes: of the whole process, of the heap as it is, of the heap when garbage was collected. */
const highest = { rss: 0, heap: 0, held: 0 };
const look = setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  highest.rss = Math.max(highest.rss, rss);
  highest.heap = Math.max(highest.heap, heapUsed);
}, 50);

const started = performance.now();
const handle = library.ingest.start([folder!]);
const whatIsHeld = (): void => {
  collect?.();
  const { rss, heapUsed } = process.memoryUsage();
  highest.held = Math.max(highest.held, heapUsed);
  process.stdout.write(`${JSON.stringify({ files: handle.state().filesDone, seconds: Math.round((performance.now() - started) / 1000), held: mb(heapUsed), rss: mb(rss) })}\n`);
};
// Once early, for the smallest, then seldom enough that it does not slow down what is measured.
const lookEarly = setTimeout(whatIsHeld, 1000);
const lookDeeper = setInterval(whatIsHeld, 5000);
const state = await handle.done;
const seconds = (performance.now() - started) / 1000;
whatIsHeld();
clearTimeout(lookEarly);
clearInterval(lookDeeper);
const again = performance.now();
const known = await library.ingest.start([folder!]).done;
const secondsAgain = (performance.now() - again) / 1000;
clearInterval(look);
process.stdout.write(`${JSON.stringify({ added: state.imagesAdded, known: known.imagesKnown, seconds, secondsAgain, peakRss: mb(highest.rss), peakHeap: mb(highest.heap), heldHeap: mb(highest.held) })}\n`);
await library.close();
