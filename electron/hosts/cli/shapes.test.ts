/** The published shapes of what the commands print are the ones that the program holds itself to. `npx vitest run … -u` writes them anew. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { commands } from './commands/index.ts';
import { shapes } from './shapes.ts';

test('every command has one', () => {
  expect(Object.keys(shapes).sort()).toEqual(['failure', ...commands.map(({ name }) => name)].sort());
});

test.each(Object.entries(shapes))('docs/schemas/cli-%s.schema.json', async (name, schema) => {
  const title = name === 'failure' ? 'What any `scanloom … --json` prints when it fails' : `What \`scanloom ${name} --json\` prints`;
  const { $schema, ...shape } = z.toJSONSchema(schema, { io: 'output' }) as Record<string, unknown>;
  await expect(`${JSON.stringify({ $schema, title, ...shape }, null, 2)}\n`).toMatchFileSnapshot(path.resolve(import.meta.dirname, '..', '..', '..', 'docs', 'schemas', `cli-${name}.schema.json`));
});
