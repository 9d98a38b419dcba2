/** The options with their codes of CID 7050, and what they do in words. */
import { ScanloomError, type DeidentifyOption } from '#contract';

export interface ProfileCode {
  readonly value: string;
  readonly meaning: string;
}

export const basicProfileCode: ProfileCode = { value: '113100', meaning: 'Basic Application Confidentiality Profile' };

/** CID 7050, De-identification Method (PS3.16), coding scheme DCM. */
export const optionCodes: Readonly<Record<DeidentifyOption, ProfileCode>> = {
  'clean-pixel-data': { value: '113101', meaning: 'Clean Pixel Data Option' },
  'clean-recognizable-visual-features': { value: '113102', meaning: 'Clean Recognizable Visual Features Option' },
  'clean-graphics': { value: '113103', meaning: 'Clean Graphics Option' },
  'clean-structured-content': { value: '113104', meaning: 'Clean Structured Content Option' },
  'clean-descriptors': { value: '113105', meaning: 'Clean Descriptors Option' },
  'retain-full-dates': { value: '113106', meaning: 'Retain Longitudinal Temporal Information Full Dates Option' },
  'retain-modified-dates': { value: '113107', meaning: 'Retain Longitudinal Temporal Information Modified Dates Option' },
  'retain-patient-characteristics': { value: '113108', meaning: 'Retain Patient Characteristics Option' },
  'retain-device-identity': { value: '113109', meaning: 'Retain Device Identity Option' },
  'retain-uids': { value: '113110', meaning: 'Retain UIDs Option' },
  'retain-safe-private': { value: '113111', meaning: 'Retain Safe Private Option' },
  'retain-institution-identity': { value: '113112', meaning: 'Retain Institution Identity Option' },
};

/** The codes of a choice of options, the Basic Profile first. */
export function codesOf(options: ReadonlySet<DeidentifyOption>): readonly ProfileCode[] {
  return [basicProfileCode, ...Object.entries(optionCodes).filter(([name]) => options.has(name as DeidentifyOption)).map(([, code]) => code)];
}

/** The options that an object says were done to it, by its codes. Codes of nobody's here are passed over. */
export function optionsOfCodes(values: readonly string[]): ReadonlySet<DeidentifyOption> {
  return new Set(Object.entries(optionCodes).filter(([, { value }]) => values.includes(value)).map(([name]) => name as DeidentifyOption));
}

/** @throws {ScanloomError} `request/invalid` when two options exclude each other. */
export function checkOptions(options: ReadonlySet<DeidentifyOption>): void {
  if (options.has('retain-full-dates') && options.has('retain-modified-dates')) {
    throw new ScanloomError('request/invalid', 'Dates are either kept or shifted, not both.', { hint: 'Choose retain-full-dates or retain-modified-dates.' });
  }
}
