/**
 * Damaged input: each must end as pixels or as a refusal in words, within five seconds and a bound of memory. 2,000 inputs in each run of the tests;
 * `npm run fuzz -- --count 20000 --seed N` for a night. A seed is kept, so that a run can be repeated.
 */
import { expect, test } from 'vitest';
import { longestMs, mostMemoryBytes, runFuzz } from './run-fuzz.ts';

const seed = Number(process.env['SCANLOOM_FUZZ_SEED'] ?? 20_261_121);
const count = Number(process.env['SCANLOOM_FUZZ_COUNT'] ?? 2000);

test(`${count} damaged inputs end as pixels or in words (seed ${seed})`, async () => {
  const { outcomes, findings, peakMemoryBytes, slowest, seconds } = await runFuzz({ count, seed, workers: 2 });
  console.log([
    ...[...outcomes].sort().map(([outcome, number]) => `${outcome.padEnd(36)} ${number}`),
    `${seconds.toFixed(0)} s, at most ${(peakMemoryBytes / 2 ** 20).toFixed(0)} MB; slowest: ${slowest.map(({ input, from, ms }) => `${input} (${from}) ${ms.toFixed(0)} ms`).join(', ')}`,
    ...findings.map(({ input, what, file }) => `input ${input}: ${what}\n  ${file}`),
  ].join('\n'));
  expect(findings.map(({ input, what }) => `${input}: ${what}`), `no crash, and no hang over ${longestMs} ms`).toEqual([]);
  expect([...outcomes.values()].reduce((sum, number) => sum + number, 0)).toBe(count);
  expect(peakMemoryBytes).toBeLessThan(mostMemoryBytes);
  // A run in which nothing was refused, or nothing read, has tested nothing.
  for (const outcome of ['read', 'dicom/truncated', 'dicom/invalid', 'dicom/decode-failed', 'archive, read']) expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(count / 1000);
}, 6 * 3_600_000);
