import { expect, test } from 'vitest';
import { fakeSources } from '../testing/fake-sources.ts';
import { derivationText, enhancementWords } from './dicom-words.ts';
import type { ExportSource } from '../types.ts';

const { sources } = fakeSources();
const [enhanced, synthetic] = [sources[0]!, sources.at(-1)!];

test('each task has words of its own, which begin with the mark', () => {
  expect(derivationText(enhanced, '0.1.0')).toMatch(/^AI-ENHANCED: x2 in-plane upscaling .* differs from the source by 3\.21 HU RMS\./);
  expect(derivationText(synthetic, '0.1.0')).toMatch(/^SYNTHETIC: made from noise .* class meningioma, seed 7, 20 steps, guidance 2\./);
  expect(enhancementWords(enhanced.settings)).toMatchObject({ factor: 2, seriesPrefix: 'AI x2', codes: [{ value: '113085' }] });
});

test('a task without words is refused, not described with those of another', () => {
  const unknown = { ...enhanced, settings: { ...enhanced.settings, task: 'sharpen' } } as unknown as ExportSource;
  expect(() => enhancementWords(unknown.settings)).toThrow(expect.objectContaining({ code: 'export/invalid', details: { task: 'sharpen' } }));
  expect(() => derivationText(unknown, '0.1.0')).toThrow(expect.objectContaining({ code: 'export/invalid' }));
  expect(() => enhancementWords(synthetic.settings)).toThrow(expect.objectContaining({ code: 'export/invalid' }));
});
