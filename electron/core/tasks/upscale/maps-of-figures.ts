/** CT and MR images whose pixels are figures of something else than anatomy: no network that learned anatomy can add detail to them. */

/** Values 3 and later of Image Type or Frame Type, blanks for underscores (PS3.3 C.8.3.1.1.1, C.8.13.3.1.1, C.8.15.3.1.1, C.8.16.1), with what scanners write there. */
const figures: Readonly<Record<string, readonly string[]>> = {
  'phases, fields, velocities or imaginary parts': [
    'P', 'PHASE', 'PHASE MAP', 'PHASE SUBTRACT', 'I', 'IMAGINARY', 'FIELD MAP', 'B0', 'B0 MAP', 'B1', 'B1 MAP', 'VELOCITY', 'VELOCITY MAP', 'FLOW MAP',
  ],
  'a map of perfusion': [
    'RCBF', 'RCBV', 'RMTT', 'CBF', 'CBV', 'MTT', 'TTP', 'TTD', 'TMAX', 'RELCBF', 'RELCBV', 'RELMTT', 'CBF MAP', 'CBV MAP', 'MTT MAP', 'TTP MAP', 'TMAX MAP', 'PBP', 'GBP', 'PS MAP', 'PERFUSION MAP', 'PERMEABILITY MAP', 'K TRANS', 'KTRANS',
  ],
  'a map of diffusion': ['ADC', 'ADC MAP', 'EADC', 'EADC MAP', 'EXP ADC', 'DIFFUSION MAP', 'DIFFUSION ANISO', 'FA', 'FA MAP', 'TENSOR', 'TRACE MAP'],
  'a map of relaxation, density or temperature': [
    'T1 MAP', 'T2 MAP', 'T2 STAR MAP', 'T2* MAP', 'R1 MAP', 'R2 MAP', 'R2 STAR MAP', 'R2* MAP', 'DENSITY MAP', 'PROTON DENSITY MAP', 'FAT FRACTION', 'TEMPERATURE', 'TEMPERATURE MAP', 'SUSCEPTIBILITY MAP', 'QSM',
  ],
  'figures of statistics': ['T TEST', 'Z SCORE', 'STD DEVIATION', 'QUANTITY', 'PARAMETRIC', 'PARAMETRIC MAP'],
  'amounts of a material': ['MAT SPECIFIC', 'MAT REMOVED', 'MAT FRACTIONAL', 'MAT MODIFIED', 'MAT VALUE BASED', 'EFF ATOMIC NUM', 'ELECTRON DENSITY'],
};
const figureOf = new Map(Object.entries(figures).flatMap(([words, types]) => types.map((type) => [type, words] as const)));

/** What a derived image is called where its Image Type does not say what it shows. */
const described = /\b(e?adc|apparent diffusion|fractional anisotropy|[rn]?cb[fv]|mtt|ttp|tmax|k-?trans|(t[12]\*?|fa|field|velocity|phase) ?map|(mm|µm|um).?\/s)\b/i;
/** Units that CT of anatomy and MR of anatomy have, or that say nothing. */
const plainUnits: Readonly<Record<string, ReadonlySet<string>>> = { CT: new Set(['', 'HU']), MR: new Set(['', 'US', 'normalized', 'no units', '[arb\'U]', 'arbitrary unit', 'arbitrary units']) };

/** What a frame, or else its whole image, says of itself. */
export interface SaidOfValues {
  readonly modality: string;
  /** All values of Image Type (0008,0008), or of the frame's Frame Type (0008,9007). */
  readonly imageType: readonly string[];
  /** Rescale Type (0028,1054), `HU` for CT that names none; null without a rescale. */
  readonly rescaleType: string | null;
  /** Of Real World Value Mappings, '' for a bare number. */
  readonly mappedUnits: readonly string[];
  /** Pixel Presentation (0008,9205), or '' where all is monochrome. */
  readonly pixelPresentation: string;
  readonly seriesDescription: string;
}

/**
 * Why an image is no picture of anatomy: the end of a sentence that begins with what it is called; null where nothing speaks against it.
 * CT counts as anatomy only in Hounsfield units: modified ones (`HU_MOD`) and unspecified ones (`US`) mean something else at the same number.
 */
export function reasonOfFigures({ modality, imageType, rescaleType, mappedUnits, pixelPresentation, seriesDescription }: SaidOfValues): string | null {
  const because = 'to which a network that learned anatomy has nothing to add';
  for (const value of imageType.slice(2)) {
    const words = figureOf.get(value.trim().toUpperCase().replaceAll('_', ' '));
    if (words !== undefined) return `shows ${words} (${value.trim()}), ${because}`;
  }
  if (pixelPresentation !== '') return `is shown in colours (Pixel Presentation ${pixelPresentation}), as maps of figures are; the model takes grey images of anatomy`;
  const plain = plainUnits[modality] ?? null;
  const unit = mappedUnits.find((one) => plain !== null && !plain.has(one));
  if (unit !== undefined) return `gives its values in ${unit}, as maps of figures do, ${because}`;
  if (modality === 'CT' && rescaleType !== null && !plainUnits['CT']!.has(rescaleType)) {
    return `says that its values are ${rescaleType === 'US' ? 'of no stated unit (Rescale Type US)' : rescaleType}, not Hounsfield units, which the model was made for`;
  }
  if (modality === 'MR' && rescaleType !== null && /^(hz|rad|deg|ms|s|cm\/s|mm\/s|ppm|%|(10-?\^?-?\d+ ?)?[mµu]m2\/s)$/i.test(rescaleType)) return `gives its values in ${rescaleType}, as maps of figures do, ${because}`;
  if (modality === 'MR' && imageType[0]?.trim().toUpperCase() === 'DERIVED' && described.test(seriesDescription)) return `is derived and called "${seriesDescription.trim()}": a map of figures, ${because}`;
  return null;
}
