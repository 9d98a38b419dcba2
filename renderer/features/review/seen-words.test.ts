import { expect, test } from 'vitest';
import { seenWords } from './seen-words.ts';

const card = `# A card

## What was seen
All look like heads. *Meningioma*: an enhancing
mass is plain to see. *Pituitary*: at best a **faint** spot. So much for that.

*Glioma* is a word here, no heading.`;

test('the words about one condition, to the next one or the end of the paragraph', () => {
  expect(seenWords(card, 'meningioma')).toBe('an enhancing mass is plain to see.');
  expect(seenWords(card, 'pituitary')).toBe('at best a faint spot. So much for that.');
});

test('nothing where the card says nothing of it', () => {
  expect(seenWords(card, 'glioma')).toBe('');
  expect(seenWords('', 'glioma')).toBe('');
  expect(seenWords(`*a*: ${'x'.repeat(1000)}`, 'a')).toHaveLength(600);
});
