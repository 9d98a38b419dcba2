import { describe, expect, test } from 'vitest';
import type { ImageMeta, Oddity, SeriesDetail } from '#contract';
import type { ImageHeader } from '#dicom';
import type { Library } from '#library';
import { nameOf, stackChoices, volumeOf } from './usable-stacks.ts';

interface Made { readonly oddities?: readonly Oddity[]; readonly label?: string; readonly images: readonly { readonly id: string; readonly type?: string; readonly b?: number; readonly more?: Partial<ImageMeta> }[] }

/** A library of one series, of which only stacks and headers are asked. */
function libraryOf(stacks: readonly Made[]): Library {
  const types = new Map(stacks.flatMap(({ images }) => images.map(({ id, type }) => [id, (type ?? 'ORIGINAL\\PRIMARY\\M').split('\\')])));
  const weights = new Map(stacks.flatMap(({ images }) => images.map(({ id, b }) => [id, b ?? null])));
  const detail = {
    series: { description: 'T1', shortId: 'abcd1234' },
    stacks: stacks.map(({ oddities, label, images }) => ({
      stack: { images: images.length, rows: 4, columns: 4, spacingMm: null, volume: false, timePoints: 1, oddities: oddities ?? [], label },
      images: images.map(({ id, more }) => ({ imageId: id, sopInstanceUid: id, frame: 0, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: [1, 1], ...more })),
    })),
  } as unknown as SeriesDetail;
  return { studies: { series: () => detail }, images: { header: (uid: string) => ({ imageType: types.get(uid), framesGeometry: null, modality: 'MR', rescale: null, seriesDescription: '', diffusionBValue: weights.get(uid) }) as unknown as ImageHeader } } as unknown as Library;
}

describe('stacks of a series', () => {
  test.each([
    ['a localizer', { oddities: ['localizer'] as const, images: [{ id: 'a' }] }, /localizer \(scout\)/],
    ['a dose page', { oddities: ['dose-report', 'colour'] as const, images: [{ id: 'a', more: { samplesPerPixel: 3 } }] }, /text about dose/],
    ['a mosaic', { oddities: ['mosaic'] as const, images: [{ id: 'a' }] }, /mosaic/],
    ['a phase', { images: [{ id: 'a', type: 'ORIGINAL\\PRIMARY\\P' }] }, /phases, fields/],
    ['colour', { images: [{ id: 'a', more: { photometricInterpretation: 'PALETTE COLOR' } }] }, /in colour/],
    ['no spacing', { images: [{ id: 'a', more: { pixelSpacingMm: null } }] }, /no pixel spacing/],
  ] as const)('%s is refused in words', (_, stack, reason) => {
    const [choice] = stackChoices(libraryOf([stack]), '1');
    expect(choice).toMatchObject({ images: [], reason: expect.stringMatching(reason) });
  });

  test('the others stay, with their own names', () => {
    const library = libraryOf([{ label: 'magnitude', images: [{ id: 'a' }, { id: 'b' }] }, { label: 'phase', images: [{ id: 'c', type: 'ORIGINAL\\PRIMARY\\P' }] }, { label: '(1 of 2)', oddities: ['localizer'], images: [{ id: 'd' }] }]);
    const choices = stackChoices(library, '1');
    expect(choices.map(({ images, reason }) => [images.length, reason === null])).toEqual([[2, true], [0, false], [0, false]]);
    const { series } = library.studies.series('1');
    expect(choices.map((choice) => nameOf(series, choice))).toEqual(['Stack 1 (magnitude) of the series "T1"', 'Stack 2 (phase) of the series "T1"', 'Stack 3 of the series "T1"']);
  });

  test('one intensity domain a stack, and one a weighting where those differ', () => {
    const choices = stackChoices(libraryOf([{ images: [{ id: 'a', b: 0 }, { id: 'b', b: 1000 }] }, { oddities: ['diffusion'], images: [{ id: 'c', b: 0 }, { id: 'd', b: 1000 }, { id: 'e', b: 1000 }] }]), '1');
    const weights: Record<string, number> = { a: 0, b: 1000, c: 0, d: 1000, e: 1000 };
    const volume = (id: string): string[] => volumeOf(choices, id, ({ imageId }) => weights[imageId]!).map(({ imageId }) => imageId);
    expect(volume('b')).toEqual(['a', 'b']);
    expect(volume('c')).toEqual(['c']);
    expect(volume('d')).toEqual(['d', 'e']);
    expect(volume('gone')).toEqual([]);
  });
});
