import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { suvScale } from './suv.ts';

interface Case {
  readonly units?: string;
  readonly correction?: string;
  readonly corrected?: string;
  readonly weight?: number | null;
  readonly dose?: number | null;
  readonly injection?: string;
  readonly seriesTime?: string;
}

function pet({ units = 'BQML', correction = 'START', corrected = 'ATTN\\DECY', weight = 66.2, dose = 381_470_000, injection = '113900.000000', seriesTime = '130244.678000' }: Case): DataSet {
  const drug = new DataSet().setString('RadiopharmaceuticalStartTime', injection).setNumber('RadionuclideHalfLife', 6586.2);
  if (dose !== null) drug.setNumber('RadionuclideTotalDose', dose);
  const dataset = new DataSet()
    .setString('Modality', 'PT').setNumber('Rows', 1).setString('Units', units).setString('DecayCorrection', correction).setString('CorrectedImage', corrected)
    .setString('SeriesDate', '19860810').setString('SeriesTime', seriesTime).setString('AcquisitionDate', '19860810').setString('AcquisitionTime', '130548.462000')
    .setSequence('RadiopharmaceuticalInformationSequence', [drug]);
  return weight === null ? dataset : dataset.setNumber('PatientWeight', weight);
}

// The figures of two real PET images (QIN-HEADNECK, ACRIN-FLT-Breast), worked out by themselves in Python: weight / (dose × exp(−ln 2 × elapsed / half-life)).
test('START: the dose has decayed until the scan began', () => {
  expect(suvScale(pet({}))!.factor).toBeCloseTo(0.0002944804047131298, 12);
});

test('ADMIN: the whole dose counts', () => {
  expect(suvScale(pet({ correction: 'ADMIN' }))!.factor).toBeCloseTo(66_200 / 381_470_000, 15);
});

test('an injection before midnight', () => {
  expect(suvScale(pet({ injection: '233000', seriesTime: '003000' }))!.factor).toBeCloseTo(66_200 / (381_470_000 * 2 ** (-3600 / 6586.2)), 12);
});

test('a series that was made after the scan counts from the acquisition', () => {
  const late = suvScale(pet({ seriesTime: '180000' }))!.factor!;
  expect(late).toBeCloseTo(66_200 / (381_470_000 * 2 ** (-(86 * 60 + 48.462) / 6586.2)), 12);
});

test.each([
  [{ weight: null }, /weight is missing/], [{ weight: 0 }, /weight is missing/], [{ dose: null }, /dose is missing/], [{ units: 'CNTS' }, /counts/], [{ units: 'PROPCPS' }, /PROPCPS/],
  [{ correction: 'NONE' }, /not corrected/], [{ corrected: 'ATTN' }, /not corrected for decay/], [{ injection: '' }, /time of injection/], [{ seriesTime: '' , injection: '140000' }, /^From/],
] as [Case, RegExp][])('%o: %s', (given, words) => {
  const { reason, factor } = suvScale(pet(given))!;
  expect(reason).toMatch(words);
  expect(factor === null).toBe(reason.startsWith('No SUV'));
});

test('Philips counts come with a factor of their own', () => {
  const dataset = pet({ units: 'CNTS' }).set({ tag: '70530010', vr: 'LO', value: new TextEncoder().encode('Philips PET Private Group ') }).set({ tag: '70531000', vr: 'DS', value: new TextEncoder().encode('0.000551') });
  expect(suvScale(dataset)).toEqual({ factor: 0.000551, reason: 'From the scanner\'s own SUV factor.' });
});

test('only PET has one', () => {
  expect(suvScale(new DataSet().setString('Modality', 'CT').setNumber('Rows', 1))).toBeNull();
});
