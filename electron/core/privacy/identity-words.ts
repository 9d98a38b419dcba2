/**
 * The words by which a person or a place could be known from this object: what stands in names, identifiers and addresses. The table keeps
 * attributes that seldom name anybody; where one does, it is found by these words.
 */
import type { DeidentifyOption } from '#contract';
import { isPrivateTag, tagOf, type DataSet } from '#dicom';
import { profileRow } from './profile.ts';
import { optionAction } from './resolve-action.ts';
import { isNeutralWord } from './safe-words.ts';

/** Attributes beside all names (VR PN) whose words belong to somebody. */
const identifying: ReadonlySet<string> = new Set([
  'PatientID', 'IssuerOfPatientID', 'OtherPatientIDs', 'PatientBirthDate', 'PatientAddress', 'PatientTelephoneNumbers', 'PatientInsurancePlanCodeSequence', 'MedicalRecordLocator', 'AccessionNumber', 'AdmissionID',
  'RequestedProcedureID', 'PlacerOrderNumberImagingServiceRequest', 'FillerOrderNumberImagingServiceRequest', 'InstitutionName', 'InstitutionAddress', 'InstitutionalDepartmentName', 'ResponsibleOrganization',
  'PersonAddress', 'PersonTelephoneNumbers', 'ReferringPhysicianAddress', 'ReferringPhysicianTelephoneNumbers', 'ClinicalTrialSubjectID', 'ClinicalTrialSubjectReadingID',
].map(tagOf));

export interface IdentityWords {
  readonly size: number;
  /** The word itself is one of them. */
  has(word: string): boolean;
  /** One of them is in the word: a name that was run together with something, or stands in a script that writes without spaces. */
  isIn(word: string): boolean;
}

/** More than any honest object has: what is looked for costs time in every text. */
const mostWords = 1000;
/** Shorter names are parts of other words too often. */
const longFrom = 6;

/** Words of a text that could tell somebody: names from three letters (two where the script has no letters' case), figures from four signs. */
function wordsIn(text: string): string[] {
  const parts = text.normalize('NFC').toUpperCase().split(/[^\p{L}\p{N}]+/u);
  // An identifier may be written with and without its signs.
  const [family = '', given = ''] = text.split('=')[0]!.split('^').map((part) => part.normalize('NFC').replace(/[^\p{L}]+/gu, '').toUpperCase());
  const runTogether = given === '' ? [] : [family + given, given + family];
  const whole = text.replace(/[^\p{L}\p{N}]+/gu, '').toUpperCase();
  return [...parts, ...(/\d/.test(whole) ? [whole] : []), ...runTogether].filter((part) => {
    if (/\d/.test(part)) return part.length >= 4;
    return part.length >= (/[\p{Lo}]/u.test(part) ? 2 : 3);
  });
}

/** Collects from an original, at every depth, private names too. What an option keeps, a hospital's name for one, is no secret. */
export function identityWords(dataset: DataSet, options: ReadonlySet<DeidentifyOption>): IdentityWords {
  const isKept = (tag: string): boolean => {
    const row = profileRow(tag);
    return row !== undefined && optionAction(row, options) === 'K';
  };
  const words = new Set<string>();
  const visit = (set: DataSet): void => {
    for (const { tag, vr, value } of set.elements()) {
      if (vr === 'SQ') for (const item of set.sequence(tag)) visit(item);
      else if (value instanceof Uint8Array && (vr === 'PN' || (!isPrivateTag(tag) && identifying.has(tag) && !isKept(tag))) && words.size < mostWords) {
        for (const text of set.strings(tag)) for (const word of wordsIn(text)) words.add(word);
      }
    }
  };
  visit(dataset);
  const long = [...words].filter((word) => (word.length >= longFrom || /\p{Lo}/u.test(word)) && !isNeutralWord(word));
  const has = (word: string): boolean => words.has(word.normalize('NFC').toUpperCase());
  return {
    size: words.size,
    has,
    isIn(word) {
      const upper = word.normalize('NFC').toUpperCase();
      return (words.has(upper) && !isNeutralWord(word)) || long.some((name) => upper.includes(name));
    },
  };
}

/** Whether a text has a word of the identity that is not also a word of imaging or of nobody. */
export function namesSomebody(text: string, identity: IdentityWords): boolean {
  return identity.size > 0 && text.normalize('NFC').split(/[^\p{L}\p{N}]+/u).some((word) => word !== '' && identity.isIn(word));
}

/** The text without such words. */
export function withoutIdentity(text: string, identity: IdentityWords): string {
  return text.normalize('NFC').replace(/[\p{L}\p{N}]+/gu, (word) => (identity.isIn(word) ? '' : word)).trim();
}
