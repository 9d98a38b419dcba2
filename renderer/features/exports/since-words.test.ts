import { expect, test } from 'vitest';
import { sinceWords } from './since-words.ts';

test('an export whose images were decided otherwise says so, kind by kind', () => {
  expect(sinceWords({ rejected: 2, unsure: 0, takenBack: 1 })).toEqual(['2 images in it were rejected since', '1 image in it was made undecided again since']);
  expect(sinceWords({ rejected: 0, unsure: 0, takenBack: 0 })).toEqual([]);
  expect(sinceWords(undefined)).toEqual([]);
});
