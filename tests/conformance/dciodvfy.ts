/**
 * dciodvfy (dicom3tools 2022, the newest that Debian has) as a judge: its findings without those that are its age, not faults.
 * The list is data: each line says why. Everything else stays an error.
 */
import { spawnSync } from 'node:child_process';

export interface AgeLine {
  readonly line: RegExp;
  readonly reason: string;
}

/** Lines that only say that the tool is older than the attribute or term; matched whole. */
export const ageLines: readonly AgeLine[] = [
  { line: /^\(0x0008,0x001c\) {2}\? {2}- Warning - Unrecognized tag - assuming explicit value representation OK$/, reason: 'Synthetic Data is of 2024b' },
  { line: /^Error - Attribute with an even group number is not a recognized standard attribute - \(0x0008,0x001c\) {2}\? ?$/, reason: 'Synthetic Data is of 2024b' },
  { line: /^Warning - Attribute is not present in standard DICOM IOD - \(0x0008,0x001c\) {2}\? ?$/, reason: 'Synthetic Data is of 2024b' },
  { line: /^Warning - Dicom dataset contains attributes not present in standard DICOM IOD - this is a Standard Extended SOP Class$/, reason: 'follows from the line above' },
  { line: /^Warning - Unrecognized defined term <RESAMPLED> for value 4 of attribute <Image Type>$/, reason: 'values 4 and above are free (C.7.6.1.1.2)' },
  { line: /^Warning - Unrecognized defined term <99SCANLOOM> .*<Coding Scheme Designator>$/, reason: 'private schemes are allowed' },
];

export const hasDciodvfy = spawnSync('dciodvfy', ['-version'], { stdio: 'ignore' }).error === undefined;

export interface Verdict {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Findings of one file that are not the tool's age. All its text goes to standard error; its exit status says nothing more.
 *
 * @param also Lines that are age in this kind of object only.
 */
export function judge(file: string, also: readonly AgeLine[] = []): Verdict {
  const { stderr } = spawnSync('dciodvfy', [file], { encoding: 'utf8', maxBuffer: 1 << 24 });
  const lines = stderr.split('\n').filter((line) => line !== '' && ![...ageLines, ...also].some((age) => age.line.test(line)));
  return { errors: lines.filter((line) => line.includes('Error')), warnings: lines.filter((line) => line.includes('Warning')) };
}
