import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { ScanloomError, type VerifyReport } from '#contract';
import { isDeidentifiedCopy, looksLikeExport, verifyDeidentified, verifyFolder, verifyPlain } from '#exports';
import type { Command } from '../command.ts';

export const verify: Command = {
  name: 'verify',
  usage: 'verify DIR|FILE',
  summary: 'finds what is damaged, missing, added or edited in an export, and what is not as DICOM asks in any other files; is no signature',
  options: {},
  async run({ args, out, cwd }) {
    const [place, ...more] = args.positionals;
    if (place === undefined || more.length > 0) throw new ScanloomError('usage/invalid', 'verify takes one export, one de-identified copy, or one file or folder of DICOM.');
    const target = path.resolve(cwd, place);
    // A mistyped path must not look like a forged export.
    if (!existsSync(target)) throw new ScanloomError('input/not-found', `There is no file or folder ${target}.`, { hint: 'Name the folder of one export (the one that holds manifest.json), or DICOM files of any origin.' });
    const { report, verdict } = await check(target);
    const findings = report.findings.map((finding) => `${finding.level}: ${finding.path === '' ? '' : `${finding.path}: `}${finding.message} [${finding.code}]`);
    out.result(report, [...findings, `${report.filesChecked} files checked: ${!report.ok ? verdict : report.findings.length === 0 ? 'nothing amiss was found.' : 'no fault was found, but look at the warnings.'}`].join('\n'));
    return report.ok ? 0 : 3;
  },
};

/** An export by its manifest, anything else as DICOM. A folder in which there is neither is no export. */
async function check(target: string): Promise<{ report: VerifyReport; verdict: string }> {
  const exported = 'this is not what was exported.';
  const isFolder = statSync(target).isDirectory();
  if (isFolder && isDeidentifiedCopy(target)) return { report: await verifyDeidentified(target), verdict: 'this is not what a de-identified copy promises.' };
  if (isFolder && (await looksLikeExport(target))) return { report: await verifyFolder(target), verdict: exported };
  const report = await verifyPlain(target);
  if (isFolder && report.filesChecked === 0 && report.findings.length === 0) return { report: await verifyFolder(target), verdict: exported };
  return { report, verdict: 'these files are not as they should be.' };
}
