/** The page's one book of marks, kept by the host. */
import { ScanloomError } from '#contract';
import { call, live } from '../../../client/index.ts';
import { tell } from '../../../ui/index.ts';
import { MarkBook } from './mark-book.ts';

export const marks = new MarkBook({
  load: (owner) => call('getMarks', { params: { owner } }),
  save: async (owner, record) => {
    await call('putMarks', { params: { owner }, body: record, keepalive: true });
  },
  failed: (error) => tell(`Marks are not kept: ${ScanloomError.from(error).message}`, 'bad'),
});

// A page that was reloaded or closed in the moment after a mark has kept it all the same.
if (typeof window !== 'undefined') window.addEventListener('pagehide', () => marks.flush());

let wasOpen = true;
live.subscribe(() => {
  const isOpen = live.get().connection === 'open';
  if (isOpen && !wasOpen) marks.retry();
  wasOpen = isOpen;
});
