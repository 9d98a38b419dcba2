/** PET: from activity to standardised uptake value by body weight. The vendor-neutral way of the QIBA FDG-PET/CT profile (2016), appendix G. */
import type { DataSet } from './data-set.ts';

export interface SuvScale {
  /** SUVbw (g/ml) = modality value × factor; null where the file does not allow it. */
  readonly factor: number | null;
  /** Why there is no factor, in words; else what it was made from. */
  readonly reason: string;
}

/** Philips PET Private Group: SUV factor and activity concentration factor, at the block that the creator reserved (PS3.5 7.8.1). */
const philips = 'Philips PET Private Group';
const dayS = 86_400;

/** Null for everything but PET. */
export function suvScale(dataset: DataSet): SuvScale | null {
  if (dataset.string('Modality') !== 'PT' || !(dataset.has('PixelData') || dataset.has('Rows'))) return null;
  const units = dataset.string('Units');
  if (units === 'GML') return { factor: 1, reason: 'The values are SUV already.' };
  if (units === 'CNTS') {
    const given = privateNumber(dataset, '00');
    if (given !== null && given > 0) return { factor: given, reason: 'From the scanner\'s own SUV factor.' };
    const concentration = privateNumber(dataset, '09');
    if (concentration === null || concentration <= 0) return refused('the values are counts, and the scanner\'s factor is missing');
    const byDose = doseFactor(dataset);
    return byDose.factor === null ? byDose : { factor: byDose.factor * concentration, reason: byDose.reason };
  }
  if (units !== 'BQML') return refused(units === '' ? 'the unit of the values is missing' : `the values are in ${units}`);
  return doseFactor(dataset);
}

function refused(why: string): SuvScale {
  return { factor: null, reason: `No SUV: ${why}.` };
}

/** Body weight over the dose that was left when the values hold for. */
function doseFactor(dataset: DataSet): SuvScale {
  const corrections = dataset.strings('CorrectedImage');
  const missing = ['ATTN', 'DECY'].filter((correction) => !corrections.includes(correction));
  if (missing.length > 0) return refused(`the image is not corrected for ${missing.map((word) => (word === 'ATTN' ? 'attenuation' : 'decay')).join(' and ')}`);
  const weight = dataset.number('PatientWeight');
  if (weight === null || weight <= 0) return refused('the patient\'s weight is missing');
  const drug = dataset.sequence('RadiopharmaceuticalInformationSequence')[0];
  const dose = drug?.number('RadionuclideTotalDose') ?? null;
  const halfLife = drug?.number('RadionuclideHalfLife') ?? null;
  if (drug === undefined || dose === null || dose <= 0) return refused('the injected dose is missing');
  const correction = dataset.string('DecayCorrection');
  if (correction === 'ADMIN') return { factor: (weight * 1000) / dose, reason: 'From weight and injected dose; values are corrected to the injection.' };
  if (correction !== 'START') return refused(correction === '' ? 'the file does not say to when decay is corrected' : 'decay is not corrected');
  if (halfLife === null || halfLife <= 0) return refused('the half-life is missing');
  const reference = scanStart(dataset, halfLife);
  if (reference === null) return refused('the times of scan are missing');
  const injection = injectionTime(drug, reference);
  if (injection === null) return refused('the time of injection is missing');
  const elapsed = reference - injection;
  if (elapsed < 0 || elapsed > dayS) return refused('the time of injection does not fit the scan');
  return { factor: (weight * 1000) / (dose * 2 ** (-elapsed / halfLife)), reason: `From weight, injected dose and ${Math.round(elapsed / 60)} min of decay.` };
}

/** Seconds since an arbitrary day for which START-corrected values hold; null when the file does not say. */
function scanStart(dataset: DataSet, halfLife: number): number | null {
  const series = instant(dataset.string('SeriesDate'), dataset.string('SeriesTime'));
  const acquisition = instant(dataset.string('AcquisitionDate') || dataset.string('SeriesDate'), dataset.string('AcquisitionTime'));
  if (acquisition === null || series === null) return series ?? acquisition;
  if (series <= acquisition) return series;
  // A series that was made after the scan (reprocessed): back from the frame's own time (QIBA, appendix G.1).
  const duration = (dataset.number('ActualFrameDuration') ?? 0) / 1000;
  const frameReference = (dataset.number('FrameReferenceTime') ?? 0) / 1000;
  if (duration <= 0 || frameReference <= 0) return acquisition;
  const rate = Math.LN2 / halfLife;
  const decay = rate * duration;
  const average = Math.log(decay / (1 - Math.exp(-decay))) / rate;
  return acquisition - frameReference + average;
}

function injectionTime(drug: DataSet, reference: number): number | null {
  const whole = drug.string('RadiopharmaceuticalStartDateTime');
  if (whole !== '') return instant(whole.slice(0, 8), whole.slice(8));
  const time = secondsOfDay(drug.string('RadiopharmaceuticalStartTime'));
  if (time === null) return null;
  // The day is not said: the one of the scan, or the one before when that would be after the scan.
  const sameDay = Math.floor(reference / dayS) * dayS + time;
  return sameDay <= reference ? sameDay : sameDay - dayS;
}

function instant(date: string, time: string): number | null {
  const match = /^(\d{4})(\d{2})(\d{2})/.exec(date);
  const seconds = secondsOfDay(time);
  if (match === null || seconds === null) return null;
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / 1000 + seconds;
}

function secondsOfDay(time: string): number | null {
  const match = /^(\d{2})(\d{2})?(\d{2}(?:\.\d+)?)?/.exec(time);
  return match === null ? null : Number(match[1]) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}

/** An element of Philips' block in group 7053. */
function privateNumber(dataset: DataSet, element: string): number | null {
  for (let block = 0x10; block <= 0xff; block += 1) {
    const creator = dataset.string(`705300${block.toString(16)}`);
    if (creator !== philips) continue;
    const tag = `7053${block.toString(16)}${element}`;
    const value = dataset.number(tag);
    if (value !== null) return value;
    // Implicit files do not say the VR, and the dictionary does not know it: it is DS.
    const bytes = dataset.bytes(tag);
    const text = bytes === null ? '' : Buffer.from(bytes).toString('latin1').trim();
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
  }
  return null;
}
