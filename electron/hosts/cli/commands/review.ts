import { Decide, ItemQuery, ScanloomError, UndoDecision, type Item } from '#contract';
import type { Core } from '#core';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { matchId } from '../match-id.ts';
import { table } from '../output.ts';
import { parseWords } from '../parse-words.ts';

const verbs = { accept: 'accepted', reject: 'rejected', unsure: 'unsure' } as const;

function chosen(core: Core, args: Arguments, words: readonly string[]): string[] {
  const job = args.text('job');
  const jobId = job === undefined ? undefined : matchId(job, core.services.jobs.list().map((one) => one.jobId), 'job');
  const all = core.services.library.items.list(ItemQuery.parse({ jobId, limit: 10_000 }));
  if (words.length === 0 && jobId !== undefined) return all.filter(({ decision }) => decision === null).map(({ itemId }) => itemId);
  const ids = all.map(({ itemId }) => itemId);
  return words.map((word) => matchId(word, ids, 'item'));
}

function inTable(items: readonly Item[]): string {
  return table(items.map((item) => [item.itemId.slice(0, 8), item.class ?? item.modality, item.decision ?? 'undecided', item.reason ?? '', item.title]), ['id', 'class', 'decision', 'reason', 'title']);
}

export const review: Command = {
  name: 'review',
  usage: 'review list|accept|reject|unsure|undo [ITEM…]',
  summary: 'decisions; with --job and no ITEM, all of the job that nobody has decided on',
  options: {
    job: { kind: 'text', value: 'JOB', help: 'Items of this job.' },
    reader: { kind: 'text', value: 'NAME', help: 'Who decides; reader-1 when left out.' },
    reason: { kind: 'text', value: 'anatomy-wrong|lesion-wrong|artefact|copy-of-real|other', help: 'Why an item is rejected.' },
    note: { kind: 'text', value: 'TEXT', help: 'A remark that stays with the decision.' },
  },
  async run({ args, out, openCore }) {
    const [verb, ...words] = args.positionals;
    if (verb === 'list') {
      const core = await openCore('look');
      const job = args.text('job');
      const jobId = job === undefined ? undefined : matchId(job, core.services.jobs.list().map((one) => one.jobId), 'job');
      const items = core.services.library.items.list(ItemQuery.parse({ jobId, limit: 10_000 }));
      const summary = core.services.review.summary({ jobId });
      out.result({ items, summary }, `${inTable(items)}\n\n${summary.accepted} accepted, ${summary.rejected} rejected, ${summary.unsure} unsure, ${summary.undecided} undecided`);
      return 0;
    }
    if (verb === 'undo') {
      const core = await openCore('work');
      const job = args.text('job');
      const item = core.services.review.undo(parseWords(UndoDecision, { reader: args.text('reader'), jobId: job === undefined ? undefined : matchId(job, core.services.jobs.list().map((one) => one.jobId), 'job') }));
      out.result({ item }, item === null ? 'There is no decision to take back.' : inTable([item]));
      return item === null ? 1 : 0;
    }
    if (verb === 'accept' || verb === 'reject' || verb === 'unsure') {
      const core = await openCore('work');
      const itemIds = chosen(core, args, words);
      if (itemIds.length === 0) throw new ScanloomError('usage/invalid', `review ${verb} needs an item, or --job with undecided items.`);
      const requests = itemIds.map((itemId) => parseWords(Decide, { itemId, decision: verbs[verb], reason: args.text('reason'), note: args.text('note'), reader: args.text('reader') }));
      const items = requests.map((request) => core.services.review.decide(request));
      out.result({ items }, inTable(items));
      return 0;
    }
    throw new ScanloomError('usage/invalid', 'review takes one of list, accept, reject, unsure, undo.');
  },
};
