import { existsSync, statSync } from 'node:fs';
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
    const target = path.resolve(cwd, folder);
    // A mistyped path must not look like a forged export.
    if (!existsSync(target) || !statSync(target).isDirectory()) throw new ScanloomError('input/not-found', `There is no folder ${target}.`, { hint: 'Name the folder of one export, the one that holds manifest.json.' });
    const report = await verifyFolder(target);
    const findings = report.findings.map((finding) => `${finding.level}: ${finding.path === '' ? '' : `${finding.path}: `}${finding.message} [${finding.code}]`);
    out.result(report, [...findings, `${report.filesChecked} files checked: ${report.ok ? 'nothing amiss was found.' : 'this is not what was exported.'}`].join('\n'));
    return report.ok ? 0 : 3;
  },
};
