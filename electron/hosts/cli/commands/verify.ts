import path from 'node:path';
import { ScanloomError } from '#contract';
import { verifyFolder } from '#exports';
import type { Command } from '../command.ts';

export const verify: Command = {
  name: 'verify',
  usage: 'verify DIR',
  summary: 'finds what is damaged, missing, added or edited, often even behind remade digests; is no signature',
  options: {},
  async run({ args, out, cwd }) {
    const [folder, ...more] = args.positionals;
    if (folder === undefined || more.length > 0) throw new ScanloomError('usage/invalid', 'verify takes the folder of one export.');
    const report = await verifyFolder(path.resolve(cwd, folder));
    const findings = report.findings.map((finding) => `${finding.level}: ${finding.path === '' ? '' : `${finding.path}: `}${finding.message} [${finding.code}]`);
    out.result(report, [...findings, `${report.filesChecked} files checked: ${report.ok ? 'everything is as it was exported.' : 'this is not what was exported.'}`].join('\n'));
    return report.ok ? 0 : 3;
  },
};
