import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { addJob, newItem, openForTest } from './testing/open-for-test.ts';
import { tinyDicom } from './testing/tiny-dicom.ts';

it('an item’s ledger entry says what was unusual about its source', async () => {
  const test = await openForTest();
  try {
    await mkdir(test.sources);
    for (const [n, z] of [0, 2, 4, 8].entries()) await writeFile(path.join(test.sources, `${n}.dcm`), tinyDicom({ sop: `2.25.1.${n}`, z }));
    await test.library.ingest.start([test.sources]).done;
    addJob(test.library, 'job');
    test.library.items.insert(newItem('2c6f0d6e-0000-4000-8000-000000000001', 'job', 0, { sourceSeriesUid: '2.25.1.1' }));
    test.library.items.insert(newItem('2c6f0d6e-0000-4000-8000-000000000002', 'job', 1));
    expect(test.library.ledger.forItem('2c6f0d6e-0000-4000-8000-000000000001').body['source']).toEqual({ oddities: ['missing-slices'], notices: ['1 slice of an otherwise even stack is missing.'], format: 'dicom' });
    expect(test.library.ledger.forItem('2c6f0d6e-0000-4000-8000-000000000002').body['source']).toBeUndefined();
  } finally {
    await test.remove();
  }
});
