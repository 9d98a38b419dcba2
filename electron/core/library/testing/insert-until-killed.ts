/** Started by a test as a process of its own: makes items as fast as it can and says each on standard output after it was accepted. */
import { createMemoryLog, randomUuid, systemClock } from '#base';
import { openLibrary } from '../open-library.ts';
import { addJob, newItem } from './open-for-test.ts';

const [dir, round] = process.argv.slice(2);
const library = await openLibrary({ dir: dir!, clock: systemClock, log: createMemoryLog(), workers: { entry: '', size: 1 } });
const jobId = `job-${round}`;
addJob(library, jobId);
for (let index = 0; ; index += 1) {
  const blob = await library.blobs.put(new TextEncoder().encode(`${jobId} ${index} ${'x'.repeat(20_000)}`));
  const item = library.items.insert(newItem(randomUuid(), jobId, index, { blobs: [blob] }));
  process.stdout.write(`${item.itemId} ${item.ledgerHash} ${blob}\n`);
}
