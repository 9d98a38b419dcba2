/**
 * One project's pseudonyms: everything that stands for an original is made from it with a secret key (HMAC-SHA-256), so that the same original
 * gives the same stand-in in every object, and nobody without the key can try originals out (PS3.15 E.1.1 on hashes without a key).
 */
import { createHmac } from 'node:crypto';
import { ScanloomError } from '#contract';
import { newUid, type DataSet } from '#dicom';
import { isStandardUid } from './profile.ts';

export const keyBytes = 32;
/** A patient's dates move back by 1 to this many days. */
export const largestShiftDays = 3650;
/** Mapped UIDs that are kept at hand; more are made again when asked for. */
const uidsKept = 100_000;

/** Capital letters and digits that are not mistaken for each other. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export interface Project {
  /** The UID that stands for this one; UIDs of the standard stand for themselves. */
  uid(original: string): string;
  /** A stand-in of `length` letters and digits for a value of one kind, e.g. an accession number. Case and space at the ends do not matter. */
  pseudonym(kind: string, value: string, length: number): string;
  /** By how many days this patient's dates move: negative, whole. @param patient From `patientOf`. */
  shiftDays(patient: string): number;
  /** 0 … 2³² − 1, for what is random to everybody without the key and the same each time. */
  seed(kind: string, value: string): number;
  /** Of the key, for reports: equal for equal keys. */
  readonly fingerprint: string;
}

/** @throws {ScanloomError} `request/invalid` when the key is not 32 bytes. */
export function createProject(key: Uint8Array): Project {
  if (key.length !== keyBytes) throw new ScanloomError('request/invalid', `The key of a project is ${keyBytes} bytes long.`, { hint: 'Let Scanloom make one.', details: { bytes: key.length } });
  const secret = Uint8Array.from(key);
  const digest = (kind: string, value: string): Buffer => createHmac('sha256', secret).update(`${kind}\0${value}`, 'utf8').digest();
  const uids = new Map<string, string>();
  return {
    uid(original) {
      if (isStandardUid(original)) return original;
      let mapped = uids.get(original);
      if (mapped === undefined) {
        mapped = newUid(Uint8Array.from(digest('uid', original).subarray(0, 16)));
        if (uids.size < uidsKept) uids.set(original, mapped);
      }
      return mapped;
    },
    pseudonym(kind, value, length) {
      const bytes = digest(kind, value.trim().toUpperCase());
      return Array.from({ length }, (_, at) => letters[bytes[at]! % letters.length]!).join('');
    },
    shiftDays: (patient) => -1 - (digest('shift', patient).readUInt32BE(0) % largestShiftDays),
    seed: (kind, value) => digest(`seed ${kind}`, value).readUInt32BE(0),
    fingerprint: digest('fingerprint', '').subarray(0, 8).toString('hex'),
  };
}

/**
 * What tells one patient from another in this object: Patient ID; where there is none, name and birth date; where there is neither, the study.
 *
 * Issuers are not looked at: objects that were made from images often lose them, and would become another patient's. Two hospitals that number
 * their patients alike want a project each.
 */
export function patientOf(dataset: DataSet): string {
  const [id, name] = [dataset.string('PatientID'), dataset.string('PatientName')].map((text) => text.trim().toUpperCase());
  if (id !== '') return `id ${id}`;
  if (name !== '') return `name ${name} ${dataset.string('PatientBirthDate')}`;
  return `study ${dataset.string('StudyInstanceUID') || dataset.string('SOPInstanceUID')}`;
}
