/** Names of figures and measures, as the host and the packages write them, in words with their unit. How each was measured stands in the figure itself. */
interface Words {
  readonly words: string;
  readonly unit?: string;
  readonly digits?: number;
}

const table: Readonly<Record<string, Words>> = {
  // Measures of one result.
  'consistency-rmse': { words: 'Shrunk back to the original: RMS' },
  'consistency-max': { words: 'Shrunk back to the original: largest' },
  'difference-mean': { words: 'Change from bicubic: mean' },
  'difference-mean-absolute': { words: 'Change from bicubic: mean absolute' },
  'difference-max': { words: 'Change from bicubic: largest' },
  'sharpness-ratio': { words: 'Edges, against bicubic' },
  psnr: { words: 'PSNR' },
  ssim: { words: 'SSIM', digits: 3 },
  mae: { words: 'Mean absolute error' },
  rmse: { words: 'RMS error' },
  // Figures of packages that upscale.
  psnrGainOverBicubicDb: { words: 'PSNR over bicubic', unit: 'dB', digits: 1 },
  psnrGainOverBicubicSoftTissueWindowDb: { words: 'PSNR over bicubic, soft tissue window', unit: 'dB', digits: 1 },
  psnrDb: { words: 'PSNR', unit: 'dB', digits: 1 },
  worstVolumePsnrGainDb: { words: 'PSNR over bicubic, worst volume', unit: 'dB', digits: 1 },
  l1TwinPsnrGainOverBicubicDb: { words: 'PSNR over bicubic of its L1-trained twin', unit: 'dB', digits: 1 },
  fineDetailPower: { words: 'Fine detail, share of the reference’s', digits: 2 },
  l1TwinFineDetailPower: { words: 'Fine detail of its L1-trained twin', digits: 2 },
  meanGradient: { words: 'Edges, share of the reference’s', digits: 2 },
  consistencyRms: { words: 'Shrunk back, differs from the input by (RMS)', digits: 3 },
  seconds512To1024: { words: 'Time, 512² → 1024²', unit: 's', digits: 1 },
  // Figures of packages that make images.
  'nearestTrainingImageRatio.median': { words: 'Distance to the nearest training image, against real ones', digits: 2 },
  'nearestTrainingImageRatio.p5': { words: 'The same, nearest twentieth', digits: 2 },
  diversity: { words: 'Diversity, against real images', digits: 2 },
  secondsPerImage30Steps: { words: 'Time an image, 30 steps', unit: 's', digits: 1 },
};

/** Families of names that end in a class or a feature: `kidDifference.inception`. */
const families: Readonly<Record<string, Words>> = {
  kidDifference: { words: 'KID beyond real images', digits: 3 },
  // Nobody looked: a network did, and it may go by level and brightness.
  classifierReadBack: { words: 'Read as the class by a classifier, no person', digits: 2 },
};

function find(name: string): Words {
  const known = table[name];
  if (known) return known;
  const [family = '', ...rest] = name.split('.');
  const of = families[family];
  if (of) return { ...of, words: `${of.words}, ${rest.join(' ')}` };
  // An unknown name at least reads as words.
  return { words: name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[-._]+/g, ' ').toLowerCase() };
}

export function measureWords(name: string): string {
  return find(name).words;
}

/** A figure's value with its unit, and its interval when asked for. */
export function figureText(figure: { readonly name: string; readonly value: number | null; readonly interval: readonly [number, number] | null }, withInterval = true): string {
  if (figure.value === null) return 'not measured';
  const { unit, digits = 2 } = find(figure.name);
  const show = (value: number): string => value.toFixed(digits).replace('-', '\u2212');
  return `${show(figure.value)}${unit ? ` ${unit}` : ''}${withInterval && figure.interval ? ` (${show(figure.interval[0])} … ${show(figure.interval[1])})` : ''}`;
}

const splits: Readonly<Record<string, string>> = { train: 'training set', val: 'validation set', test: 'test set' };

/** What a figure was measured on: `3 CT volumes, validation set`. The name of the data set's folder before the words is left out. */
export function measuredOn(figure: { readonly data: string; readonly split: string }): string {
  if (figure.data === 'none') return 'no images';
  const data = figure.data.replace(/^[a-z0-9_-]+, (?=\S)/, '').replaceAll('_', ' ');
  return [data, figure.split === 'none' ? '' : (splits[figure.split] ?? figure.split)].filter(Boolean).join(', ');
}
