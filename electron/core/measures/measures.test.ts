import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bicubicEnlarge, combineMeasures, fidelity, meanGradientMagnitude, measureUpscale, psnrFromMse, shrinkByArea, shrinkByKSpace, ssim } from '#measures';
import { planDft } from './fourier.ts';

interface Yardstick {
  rows: number; columns: number; reference: number[]; image: number[]; border2: { psnr: number; ssim: number }; kspace: number[]; bicubic: number[];
  odd: { rows: number; columns: number; image: number[]; kspace: number[] };
}
/** Made with numpy 2 and scikit-image by the yardstick of the packages' training recipes. */
const yardstick = JSON.parse(readFileSync(new URL('./yardstick.fixture.json', import.meta.url), 'utf8')) as Yardstick;
const reference = Float32Array.from(yardstick.reference);
const { rows, columns } = yardstick;
const ramp = Float32Array.from({ length: 12 * 16 }, (_, i) => (i % 16) * 10 - 300);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
const named = (measures: readonly { name: string; value: number }[], name: string): number => measures.find((measure) => measure.name === name)!.value;

describe('fidelity', () => {
  const figures = fidelity(reference, Float32Array.from(yardstick.image), { rows, columns, range: [0, 1], border: 2, unit: '' });

  test('PSNR and SSIM agree with the yardstick', () => {
    expect(named(figures, 'psnr')).toBeCloseTo(yardstick.border2.psnr, 4);
    expect(named(figures, 'ssim')).toBeCloseTo(yardstick.border2.ssim, 6);
  });

  test('the range stands in every method', () => {
    for (const figure of fidelity(ramp, ramp, { rows: 12, columns: 16, range: [-160, 240], border: 0, unit: 'HU' })) expect(figure.method).toContain('-160 … 240 HU (R = 400)');
  });

  test('an error of ten HU everywhere is ten HU and 32 dB in the soft tissue window', () => {
    const image = ramp.map((value) => value + 10);
    const figures400 = fidelity(ramp, image, { rows: 12, columns: 16, range: [-1000, 1000], border: 0, unit: 'HU' });
    expect(named(figures400, 'mae')).toBeCloseTo(10, 5);
    expect(named(figures400, 'rmse')).toBeCloseTo(10, 5);
    expect(psnrFromMse(100, 400)).toBeCloseTo(32.041, 3);
  });

  test('values outside the range do not count', () => {
    const a = Float32Array.of(...new Array<number>(144).fill(5000));
    const b = Float32Array.of(...new Array<number>(144).fill(9000));
    expect(named(fidelity(a, b, { rows: 12, columns: 12, range: [-160, 240], border: 0, unit: 'HU' }), 'rmse')).toBe(0);
  });

  test('an image equals itself', () => expect(ssim(reference, reference, rows, columns, 1)).toBeCloseTo(1, 12));

  test('a transposed image is not equal', () => {
    const square = reference.subarray(0, 32 * 32);
    const turned = square.map((_, i) => square[(i % 32) * 32 + Math.floor(i / 32)]!);
    expect(ssim(square, turned, 32, 32, 1)).toBeLessThan(0.9);
  });

  test('images of other sizes are refused', () => expect(() => ssim(reference, ramp, rows, columns, 1)).toThrow());
});

describe('ways back to the small grid', () => {
  test('the k-space crop agrees with the yardstick for even and odd sizes', () => {
    expect(largestDifference(shrinkByKSpace(reference, rows / 2, columns / 2, 2), yardstick.kspace)).toBeLessThan(2e-6);
    const { odd } = yardstick;
    expect(largestDifference(shrinkByKSpace(Float32Array.from(odd.image), odd.rows / 2, odd.columns / 2, 2), odd.kspace)).toBeLessThan(2e-6);
  });

  test('the block mean keeps the mean and each block', () => {
    expect([...shrinkByArea(Float32Array.of(1, 3, 10, 20, 5, 7, 30, 40), 1, 2, 2)]).toEqual([4, 25]);
  });

  test.each([8, 12, 15, 31])('a transform of length %i and back is the input', (length) => {
    const input = { re: Float64Array.from({ length }, (_, i) => Math.sin(i * i)), im: Float64Array.from({ length }, (_, i) => Math.cos(3 * i)) };
    const back = planDft(length, 1)(planDft(length, -1)(input));
    expect(largestDifference(back.re.map((value) => value / length), input.re)).toBeLessThan(1e-12);
    expect(largestDifference(back.im.map((value) => value / length), input.im)).toBeLessThan(1e-12);
  });
});

test('bicubic agrees with the yardstick', () => {
  const small = shrinkByArea(reference, rows / 2, columns / 2, 2);
  expect(largestDifference(bicubicEnlarge(small, rows / 2, columns / 2, 2), yardstick.bicubic)).toBeLessThan(2e-6);
});

test('a ramp of ten a pixel has a gradient of ten', () => expect(meanGradientMagnitude(ramp, 12, 16)).toBeCloseTo(10, 5));

describe('an enlargement without a truth', () => {
  const doubled = Float32Array.from({ length: 24 * 32 }, (_, i) => ramp[Math.floor(i / 64) * 16 + Math.floor((i % 32) / 2)]!);

  test('repeating every pixel is consistent to the last bit by block means', () => {
    const figures = measureUpscale(ramp, doubled, 12, 16, 2, 'HU');
    expect(named(figures, 'consistency-rmse')).toBe(0);
    expect(named(figures, 'consistency-max')).toBe(0);
  });

  test('a brighter output is found with its size and sign', () => {
    const figures = measureUpscale(ramp, doubled.map((value) => value + 7), 12, 16, 2, 'HU');
    expect(named(figures, 'consistency-rmse')).toBeCloseTo(7, 4);
    expect(named(figures, 'difference-mean')).toBeCloseTo(7, 1);
    expect(figures.find((figure) => figure.name === 'consistency-rmse')!.unit).toBe('HU');
  });

  test('a single wrong pixel is the largest residual', () => {
    const spoiled = doubled.slice();
    spoiled[100] = spoiled[100]! + 400;
    expect(named(measureUpscale(ramp, spoiled, 12, 16, 2, 'HU'), 'consistency-max')).toBeCloseTo(100, 3);
  });

  test('bicubic itself differs by nothing and is not sharper; steeper edges are', () => {
    const bicubic = bicubicEnlarge(ramp, 12, 16, 2);
    const figures = measureUpscale(ramp, bicubic, 12, 16, 2, 'HU');
    expect(named(figures, 'difference-max')).toBe(0);
    expect(named(figures, 'sharpness-ratio')).toBe(1);
    expect(named(measureUpscale(ramp, bicubic.map((value) => value * 1.5), 12, 16, 2, 'HU'), 'sharpness-ratio')).toBeCloseTo(1.5, 5);
  });

  test('MR goes back through k-space', () => {
    const small = shrinkByKSpace(reference, rows / 2, columns / 2, 2);
    const figures = measureUpscale(small, reference, rows / 2, columns / 2, 2, '');
    expect(named(figures, 'consistency-rmse')).toBe(0);
    expect(figures[0]!.method).toContain('k-space');
  });

  test('a series has the largest of the largest, the root of the mean square, the mean of the rest', () => {
    const slice = (rmse: number, max: number, ratio: number) => [
      { name: 'consistency-rmse', value: rmse, unit: 'HU', method: 'a' }, { name: 'consistency-max', value: max, unit: 'HU', method: 'b' }, { name: 'sharpness-ratio', value: ratio, unit: '×', method: 'c' },
    ];
    const combined = combineMeasures([slice(3, 10, 1), slice(4, 70, 2), slice(0, 20, 3)]);
    expect(combined.map((measure) => measure.value)).toEqual([Math.sqrt(25 / 3), 70, 2]);
    for (const measure of combined) expect(measure.method).toContain('3 slices');
    expect(() => combineMeasures([slice(1, 1, 1), slice(1, 1, 1).slice(1)])).toThrow();
  });
});
