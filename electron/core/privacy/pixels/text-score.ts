/** How much a row of components looks like text, 0…1: a logistic function of what was measured on it. */
import type { LineOnGround } from './text-lines.ts';

/**
 * Weights were fitted (logistic regression, ridge 0.5) on 1,542 rows of words planted into every other real image, in the font of `testing/bitmap-font.ts` and
 * in four common ones, and on 1,070 rows that the search made of the same images without them. The other images and other fonts were kept for measuring:
 * docs/decisions/2026-11-21-burned-in-text.md.
 */
const weights = { logCharacters: 3.462, aligned: 7.237, colourSpread: -6.687, sharpness: 14.865, unevenness: -40.008, variety: 17.795, strokeOff: -33.253, gap: -1.292, unrest: -4.397 } as const;
const bias = -14.345;
/** Stroke by height of common fonts. */
const usualStroke = 0.17;

const between = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** 0 for rows that cannot be text: fewer than three parts, or equal solid bars (rulers, test bars). */
export function textScore(figures: LineOnGround): number {
  if (figures.characters < 3) return 0;
  if (figures.variety < 0.01 && (figures.fill > 0.8 || figures.characters < 6)) return 0;
  const sum =
    bias +
    weights.logCharacters * Math.log(figures.characters) +
    weights.aligned * figures.aligned +
    weights.colourSpread * between(figures.colourSpread, 0, 0.3) +
    weights.sharpness * between(figures.sharpness, 0, 1) +
    weights.unevenness * between(figures.unevenness, 0, 0.3) +
    weights.variety * between(figures.variety, 0, 0.15) +
    weights.strokeOff * Math.abs(figures.strokeShare - usualStroke) +
    weights.gap * between(figures.gap, -0.3, 1.3) +
    weights.unrest * between(figures.unrest, 0, 1);
  return 1 / (1 + Math.exp(-sum));
}

/** What spoke for it, in words for people. */
export function textReasons(figures: LineOnGround, direction: 'horizontal' | 'vertical', polarity: 'light' | 'dark'): string[] {
  const reasons = [`${figures.characters} shapes in a ${direction === 'horizontal' ? 'row' : 'column'}, ${polarity === 'light' ? 'lighter' : 'darker'} than their ground`];
  if (figures.aligned >= 0.75) reasons.push('they stand on one line');
  if (figures.colourSpread < 0.03) reasons.push('all of one value');
  if (figures.unevenness < 0.03) reasons.push('each of one flat value');
  if (figures.sharpness > 0.6) reasons.push('hard edges');
  if (figures.variety > 0.04) reasons.push('shapes differ as letters do');
  return reasons;
}
