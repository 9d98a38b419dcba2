/** The page's one book of marks, kept by the host. */
import { ScanloomError } from '#contract';
import { call } from '../../../client/index.ts';
import { tell } from '../../../ui/index.ts';
import { MarkBook } from './mark-book.ts';

export const marks = new MarkBook({
  load: (owner) => call('getMarks', { params: { owner } }),
  save: async (owner, record) => {
    await call('putMarks', { params: { owner }, body: record });
  },
  failed: (error) => tell(`Marks are not kept: ${ScanloomError.from(error).message}`, 'bad'),
});
