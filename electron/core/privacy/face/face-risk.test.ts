import { expect, test } from 'vitest';
import { faceRisk, type FaceQuestion } from './face-risk.ts';

const head: FaceQuestion = { modality: 'CT', words: ['HEAD', 'thin'], volume: true, slices: 160, spacingMm: [1, 0.5, 0.5], rows: 512, columns: 512 };

test.each<{ name: string; question: Partial<FaceQuestion>; level: string }>([
  { name: 'thin head CT', question: {}, level: 'high' },
  { name: 'thin head MR, sagittal', question: { modality: 'MR', words: ['t1 mprage brain'], spacingMm: [1.2, 1, 1], rows: 256, columns: 256, slices: 160 }, level: 'high' },
  { name: '5 mm slices', question: { spacingMm: [5, 0.5, 0.5], slices: 30 }, level: 'none' },
  { name: 'a slab of 16 mm', question: { slices: 16 }, level: 'none' },
  { name: 'chest', question: { words: ['CHEST'] }, level: 'none' },
  { name: 'head and neck, said so', question: { words: ['CT HEAD NECK CHEST'] }, level: 'high' },
  { name: 'nothing said, field of a head', question: { words: [''], rows: 256, columns: 256, spacingMm: [1, 1, 1] }, level: 'possible' },
  { name: 'nothing said, field of a body', question: { words: [''], spacingMm: [1, 0.9, 0.9] }, level: 'none' },
  { name: 'many slices, no even volume', question: { volume: false }, level: 'possible' },
  { name: 'ultrasound', question: { modality: 'US' }, level: 'none' },
  { name: 'a chest that is a whole body', question: { words: ['WHOLEBODY'], rows: 512, columns: 512, spacingMm: [3, 1, 1], slices: 300 }, level: 'possible' },
  { name: 'a metre of slices, whatever they are called', question: { words: ['CHEST'], rows: 512, columns: 512, spacingMm: [3, 1, 1], slices: 330 }, level: 'possible' },
  { name: 'neck to hips', question: { words: ['CHEST ABDOMEN PELVIS'], rows: 512, columns: 512, spacingMm: [2, 0.8, 0.8], slices: 350 }, level: 'none' },
  { name: 'PET of a head', question: { modality: 'PT', spacingMm: [2, 2, 2], rows: 128, columns: 128 }, level: 'possible' },
])('$name: $level', ({ question, level }) => {
  const risk = faceRisk({ ...head, ...question });
  expect(risk.level).toBe(level);
  expect(risk.reasons[0]!.length).toBeGreaterThan(20);
});
