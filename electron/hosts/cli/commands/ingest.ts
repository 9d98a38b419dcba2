import { ScanloomError } from '#contract';
import type { Command } from '../command.ts';
import { ingestInWords, ingestPaths } from '../ingest-paths.ts';

export const ingest: Command = {
  name: 'ingest',
  usage: 'ingest PATH…',
  summary: 'adds studies to the library; files stay where they are',
  options: { copy: { kind: 'flag', help: 'Copies the files into the library.' } },
  async run(context) {
    const { args, out } = context;
    if (args.positionals.length === 0) throw new ScanloomError('usage/invalid', 'ingest needs a file or a folder.');
    const core = await context.openCore('work');
    const state = await ingestPaths(core, context, args.positionals, { copy: args.flag('copy') });
    out.result(state, ingestInWords(state));
    if (state.state === 'cancelled') return 1;
    if (state.imagesAdded + state.imagesKnown > 0) return 0;
    if (!out.json) out.note('Nothing in there is an image that Scanloom can read.');
    return 1;
  },
};
