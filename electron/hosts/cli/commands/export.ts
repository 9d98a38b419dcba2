import { ScanloomError } from '#contract';
import type { Command } from '../command.ts';
import { dicomChoice, exportFormat, exportOptions, exportTo } from '../export-to.ts';
import { matchId } from '../match-id.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: 'export --format F --out DIR [--select job=JOB|item=ITEM …]',
  summary: 'one folder with manifest, checksums, ledger and report; synthetic images only when accepted, rejected ones never',
  options: {
    ...exportOptions,
    select: { kind: 'many', value: 'job=JOB|item=ITEM', help: 'What goes in; everything when left out.' },
    'include-undecided': { kind: 'flag', help: 'Takes synthetic images that nobody has accepted, too; the manifest says so of each.' },
  },
  async run(context) {
    const { args, out } = context;
    const target = args.text('out');
    if (target === undefined) throw new ScanloomError('usage/invalid', 'export needs --out DIR.');
    if (args.positionals.length > 0) throw new ScanloomError('usage/invalid', `export does not take "${args.positionals[0]!}".`, { hint: 'What goes in is chosen by --select.' });
    const format = exportFormat(args);
    const choice = dicomChoice(args);
    const core = await context.openCore('work');
    const jobIds: string[] = [];
    const itemIds: string[] = [];
    for (const word of args.many('select')) {
      const [kind, id] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
      if (kind === 'job') jobIds.push(matchId(id, core.services.jobs.list().map(({ jobId }) => jobId), 'job'));
      else if (kind === 'item') itemIds.push(matchId(id, core.services.library.items.list({ limit: 10_000, offset: 0 }).map(({ itemId }) => itemId), 'item'));
      else throw new ScanloomError('usage/invalid', `--select takes job=JOB or item=ITEM, not "${word.slice(0, 60)}".`);
    }
    if (args.many('select').length === 0) jobIds.push(...core.services.jobs.list().filter(({ items }) => items > 0).map(({ jobId }) => jobId));
    const record = await exportTo(core, context, target, {
      format,
      ...choice,
      includeUndecided: args.flag('include-undecided'),
      ...(jobIds.length === 0 ? {} : { jobIds }),
      ...(itemIds.length === 0 ? {} : { itemIds }),
    });
    const asked = jobIds.flatMap((jobId) => core.services.library.items.list({ jobId, limit: 10_000, offset: 0 }));
    const rejected = asked.filter(({ decision }) => decision === 'rejected').length;
    const undecided = args.flag('include-undecided') ? 0 : asked.filter(({ provenance, decision }) => provenance === 'synthetic' && (decision === null || decision === 'unsure')).length;
    const leftOut = [rejected > 0 ? `${rejected} rejected` : '', undecided > 0 ? `${undecided} synthetic that nobody accepted` : ''].filter(Boolean).join(', ');
    if (leftOut !== '') out.note(`Left out: ${leftOut}.`);
    out.result({ export: record }, `${record.files} files of ${record.items} items in ${record.folder}`);
    return 0;
  },
};
