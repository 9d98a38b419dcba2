/** Series that nobody reads for their anatomy: scouts, pages of figures, mosaics. They are not offered for upscaling. Pure. */
import type { Oddity, SeriesSummary } from '#contract';

const kinds: readonly (readonly [Oddity, string])[] = [
  ['localizer', 'This is a localizer: it places other images, and nobody reads it for detail.'],
  ['dose-report', 'This is a page of figures, not an image of a patient.'],
  ['mosaic', 'Each picture is a mosaic of many slices: their edges would be sharpened as if they were anatomy.'],
];

/**
 * Why a series is not offered; undefined where it may be.
 * @param stack The stack on the screen, where only that one is meant.
 */
export function notForUpscaling({ stacks, oddities }: Pick<SeriesSummary, 'stacks' | 'oddities'>, stack?: number): string | undefined {
  const asked = stack === undefined ? stacks : stacks.slice(stack, stack + 1);
  const found = kinds.find(([kind]) => asked.length > 0 && asked.every((one) => one.oddities.includes(kind)));
  if (found) return found[1];
  // Three crossing planes are recognised as a localizer only together.
  const isCrossing = oddities.includes('localizer') && !stacks.some((one) => one.oddities.includes('localizer'));
  return isCrossing ? kinds[0]?.[1] : undefined;
}
