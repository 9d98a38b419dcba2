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
  /** The whole text, whatever signs stand in it, is an identifier or a date of somebody. */
  isIdentifier(text: string): boolean;
  /** One of them is in the word: a name that was run together with something, or stands in a script that writes without spaces. */
  isIn(word: string): boolean;
}

/** More than any honest object has: what is looked for costs time in every text. */
const mostWords = 1000;
/** Shorter names are parts of other words too often. */
const longFrom = 6;

/** Dummies of persons, `Nobody^` and eight signs. */
const standIn = /^Nobody\^[A-HJ-NP-Z2-9]{8}$/;

function runTogether(text: string): string {
  return text.normalize('NFC').replace(/[^\p{L}\p{N}]+/gu, '').toUpperCase();
}

/** A date as it stands in DICOM, and day or month first. */
function dateSpellings(date: string): string[] {
  const parts = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date.trim());
  return parts === null ? [] : [parts.slice(1).join(''), `${parts[3]!}${parts[2]!}${parts[1]!}`, `${parts[2]!}${parts[3]!}${parts[1]!}`];
}

const digraphs: Readonly<Record<string, string>> = { Ä: 'AE', Ö: 'OE', Ü: 'UE', Ø: 'OE', Å: 'AA', Æ: 'AE' };

/** A word in capitals, and how it is written where there are no such letters: Müller, Mueller, Muller. */
function spellings(word: string): string[] {
  if (/^[\x20-\x7e]*$/.test(word)) return [word];
  const plain = word.replace(/[ØÆ]/g, (letter) => (letter === 'Ø' ? 'O' : 'AE')).normalize('NFD').replace(/\p{M}+/gu, '').normalize('NFC');
  return [...new Set([word, word.replace(/[ÄÖÜØÅÆ]/g, (letter) => digraphs[letter]!), plain])];
}

/** Words of a text that could tell somebody: names from three letters (two where the script has no letters' case), figures from four signs. */
function wordsIn(text: string): string[] {
  const parts = text.normalize('NFC').toUpperCase().split(/[^\p{L}\p{N}]+/u);
  // An identifier may be written with and without its signs.
  const [family = '', given = ''] = text.split('=')[0]!.split('^').map((part) => part.normalize('NFC').replace(/[^\p{L}]+/gu, '').toUpperCase());
  const asOne = given === '' ? [] : [family + given, given + family];
  const whole = runTogether(text);
  return [...parts, ...(/\d/.test(whole) ? [whole] : []), ...asOne].filter((part) => {
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
  const identifiers = new Set<string>();
  const visit = (set: DataSet): void => {
    for (const { tag, vr, value } of set.elements()) {
      if (vr === 'DA' && value instanceof Uint8Array && !isPrivateTag(tag) && !isKept(tag) && identifiers.size < mostWords) for (const date of set.strings(tag)) for (const spelled of dateSpellings(date)) identifiers.add(spelled);
      if (vr === 'SQ') for (const item of set.sequence(tag)) visit(item);
      else if (value instanceof Uint8Array && (vr === 'PN' || (!isPrivateTag(tag) && identifying.has(tag) && !isKept(tag))) && words.size < mostWords) {
        for (const text of set.strings(tag)) {
          // What an earlier de-identification put in the place of a person is nobody's name.
          if (vr === 'PN' && standIn.test(text)) continue;
          for (const word of wordsIn(text)) for (const spelled of spellings(word)) words.add(spelled);
          const whole = runTogether(text);
          if (vr !== 'PN' && /\d/.test(whole) && whole.length >= 4) identifiers.add(whole);
        }
      }
    }
  };
  visit(dataset);
  const long = [...words].filter((word) => (word.length >= longFrom || /\p{Lo}/u.test(word)) && !isNeutralWord(word));
  const has = (word: string): boolean => spellings(word.normalize('NFC').toUpperCase()).some((spelled) => words.has(spelled));
  return {
    size: words.size,
    has,
    isIdentifier: (text) => identifiers.has(runTogether(text)),
    isIn(word) {
      const upper = word.normalize('NFC').toUpperCase();
      const spelled = spellings(upper);
      return (has(word) && !isNeutralWord(word)) || long.some((name) => spelled.some((one) => one.includes(name)));
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
