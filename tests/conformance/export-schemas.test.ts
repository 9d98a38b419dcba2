/** The published shapes of an export's files are the ones that the program uses. `npx vitest run tests/conformance/export-schemas.test.ts -u` writes them anew. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { DeidentificationReport, ExportManifest, Manifest, VerifyReport } from '#contract';
import { LedgerLine, Sidecar } from '#exports';

const published: Readonly<Record<string, { readonly schema: z.ZodType; readonly title: string; readonly description: string }>> = {
  'export-manifest': { schema: ExportManifest, title: 'manifest.json of an export', description: 'Every item and file of an export with its digest.' },
  'export-sidecar': { schema: Sidecar, title: 'JSON beside exported PNG and NIfTI images', description: 'What an item is, how stored values become physical ones, and where each image lies (DICOM patient coordinates: LPS, mm).' },
  'ledger-line': { schema: LedgerLine, title: 'One line of ledger.jsonl', description: 'A whole ledger entry, or the bare link of one that is about something else.' },
  deidentification: { schema: DeidentificationReport, title: 'deidentification.json of a de-identified copy', description: 'What was removed, replaced, cleaned and kept, and every file with its digest. No value of an original.' },
  'package-manifest': { schema: Manifest, title: 'manifest.json of a model package', description: 'What a package does, its graphs with their digests, what its figures are and how it was trained.' },
  'verify-report': { schema: VerifyReport, title: 'What `scanloom verify --json` prints', description: 'Findings about an export; ok when none of them is an error.' },
};

test.each(Object.entries(published))('docs/schemas/%s.schema.json', async (name, { schema, title, description }) => {
  const { $schema, ...shape } = z.toJSONSchema(schema) as Record<string, unknown>;
  await expect(`${JSON.stringify({ $schema, title, description, ...shape }, null, 2)}\n`).toMatchFileSnapshot(path.resolve(import.meta.dirname, '..', '..', 'docs', 'schemas', `${name}.schema.json`));
});
