/**
 * Checks of one object that dciodvfy does not make (it knows nothing of Synthetic Data, of sources, of true pixel extremes), with findings in words.
 * What is asked of every object is asked here; what only this program promises of its own objects is marked so (marks.ts).
 */
import { ScanloomError } from '#contract/errors';
import { parseDicom } from '../parse.ts';
import type { DicomFile, Finding } from '../types.ts';
import { checkDerivation, checkLossy } from './derivation.ts';
import { checkFunctionalGroups } from './functional-groups.ts';
import { checkGeometry } from './geometry.ts';
import { checkElements, checkIdentity } from './identity.ts';
import { checkImageType } from './image-type.ts';
import { checkMarks } from './marks.ts';
import { checkModules } from './modules.ts';
import { checkPixelData } from './pixels.ts';
import type { Report } from './report.ts';
import { checkSegments } from './segmentation.ts';

export interface ValidateOptions {
  /**
   * Also ask for every Type 1 and 2 attribute of mandatory modules and functional groups. Default false: a derived object keeps what its source lacks, and
   * whoever reads it back only wants to know what the writing did.
   */
  readonly modules?: boolean;
}

/** Findings of one file, errors first. A file that cannot be parsed has one finding, with the reason. */
export function validateObject(bytes: Uint8Array, options: ValidateOptions = {}): Finding[] {
  try {
    return validateFile(parseDicom(bytes), options);
  } catch (thrown) {
    const error = ScanloomError.from(thrown);
    return [{ level: 'error', code: error.code, tag: '', message: error.message }];
  }
}

/** The same of a file that was read, with its pixels. */
export function validateFile(file: DicomFile, options: ValidateOptions = {}): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (level, code, tag, message) => void findings.push({ level, code, tag, message });
  const { dataset } = file;
  for (const notice of file.notices) report('warning', 'encoding', '', notice);
  checkIdentity(file, report);
  checkElements(dataset, report);
  checkMarks(dataset, report);
  checkImageType(dataset, report);
  checkDerivation(dataset, report);
  checkLossy(file, report);
  checkGeometry(dataset, report);
  checkPixelData(file, report);
  checkSegments(dataset, report);
  if (options.modules === true) {
    checkModules(dataset, report);
    checkFunctionalGroups(dataset, report);
  }
  return findings.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}
