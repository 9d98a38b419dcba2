import { createFileLog } from '#base';
import path from 'node:path';
import { ScanloomError } from '#contract';
import type { Command } from '../command.ts';
import { serveLoopback } from '../../loopback/index.ts';
import { openInBrowser } from '../open-in-browser.ts';

export const serve: Command = {
  name: 'serve',
  usage: 'serve [--port N] [--open]',
  summary: 'the page on this machine\'s own address, for a browser',
  options: {
    port: { kind: 'text', value: 'N', help: 'The port; one that is free when left out.' },
    open: { kind: 'flag', help: 'Opens the page in the default browser.' },
  },
  async run(context) {
    const { args, out, places, signal } = context;
    if (args.positionals.length > 0) throw new ScanloomError('usage/invalid', `serve does not take "${args.positionals[0]!}".`);
    if (places.page === null) throw new ScanloomError('input/not-found', 'The page is not built.', { hint: 'npm run build makes it.' });
    const port = args.whole('port', { min: 0, max: 65_535 }) ?? 0;
    const core = await context.openCore('resume');
    const server = await serveLoopback({ fetch: (request) => core.fetch(request), page: places.page, clock: context.clock, log: createFileLog(path.join(context.library, 'logs')), port });
    try {
      out.line({ url: server.url, port: server.port, library: context.library }, `Scanloom is at ${server.url}\nThe link holds the key of this run. Ctrl-C ends it.`);
      if (args.flag('open') && !(await openInBrowser(server.oneTimeUrl()))) out.note('No browser could be opened; follow the link above.');
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    } finally {
      await server.close();
    }
    return 0;
  },
};
