/** Which stacks of a series a super-resolution network can honestly work on, and why it cannot on the others. */
import type { ImageMeta, Oddity, SeriesSummary } from '#contract';
import type { ImageHeader } from '#dicom';
import type { Library } from '#library';
import { reasonOfFigures } from './maps-of-figures.ts';

export interface StackChoice {
  /** From 1, in the order in which the stacks of a series are listed. */
  readonly number: number;
  /** Stacks that the series has. */
  readonly of: number;
  /** What tells it from the others; '' where it is the only one. */
  readonly label: string;
  readonly timePoints: number;
  readonly oddities: readonly Oddity[];
  /** Those that can be used, in stack order; none where there is a reason. */
  readonly images: readonly ImageMeta[];
  /** Why none can be used: the end of a sentence that begins with what the stack is called. */
  readonly reason: string | null;
}

/** Kinds of image that nobody reads for anatomy. */
const kindReasons: readonly (readonly [Oddity, string])[] = [
  ['dose-report', 'is a page of text about dose, not an image of the patient'],
  ['localizer', 'is a localizer (scout): it was made to place other images, not to be read'],
  ['mosaic', 'is a mosaic: slices lie side by side in one picture, and a network would blend each with its neighbours'],
];

/** Every stack of a series, in order. */
export function stackChoices(library: Library, seriesUid: string): StackChoice[] {
  const { stacks } = library.studies.series(seriesUid);
  return stacks.map(({ stack, images }, index) => {
    const kind = kindReasons.find(([oddity]) => stack.oddities.includes(oddity));
    const reasons = images.map((image) => kind?.[1] ?? imageReason(image, library.images.header(image.sopInstanceUid)));
    const usable = images.filter((_, at) => reasons[at] === null);
    return {
      number: index + 1,
      of: stacks.length,
      label: stack.label ?? '',
      timePoints: stack.timePoints,
      oddities: stack.oddities,
      images: usable,
      reason: usable.length > 0 ? null : (reasons[0] ?? 'holds no images'),
    };
  });
}

function imageReason(image: ImageMeta, header: ImageHeader): string | null {
  if (image.samplesPerPixel > 1 || image.photometricInterpretation === 'PALETTE COLOR') return 'is in colour; the model takes grey images';
  const own = header.framesGeometry?.[image.frame];
  const figures = reasonOfFigures({
    modality: header.modality,
    imageType: own?.frameType ?? header.imageType,
    rescaleType: (own?.rescale ?? header.rescale)?.type ?? null,
    mappedUnits: own?.mappedUnits ?? header.mappedUnits ?? [],
    pixelPresentation: header.pixelPresentation ?? '',
    seriesDescription: header.seriesDescription,
  });
  if (figures !== null) return figures;
  return image.pixelSpacingMm === null ? 'has no pixel spacing' : null;
}

/** How a sentence calls a stack: the whole series where that has no other. */
export function nameOf(series: SeriesSummary, { number, of, label }: Pick<StackChoice, 'number' | 'of' | 'label'>): string {
  const whole = `series "${series.description || series.shortId}"`;
  return of === 1 ? `The ${whole}` : `Stack ${number}${label === '' || label.startsWith('(') ? '' : ` (${label})`} of the ${whole}`;
}

/**
 * The images that share one intensity domain with an image: its stack; in a diffusion stack those of the same weighting, since images of
 * strong weighting are many times darker. Time points share one domain: the course of a signal is not to be normalised away.
 *
 * @param weightingOf b-value of an image, null where it has none.
 */
export function volumeOf(choices: readonly StackChoice[], imageId: string, weightingOf: (image: ImageMeta) => number | null): readonly ImageMeta[] {
  const stack = choices.find(({ images }) => images.some((image) => image.imageId === imageId));
  if (stack === undefined || !stack.oddities.includes('diffusion')) return stack?.images ?? [];
  const own = weightingOf(stack.images.find((image) => image.imageId === imageId)!);
  return stack.images.filter((image) => weightingOf(image) === own);
}
