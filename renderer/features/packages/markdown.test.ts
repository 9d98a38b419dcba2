import { expect, test } from 'vitest';
import { blocksOf } from './markdown.tsx';

test('headings, paragraphs, lists, tables and code', () => {
  expect(blocksOf('# A\n\nOne\ntwo\n\n- x\n  more\n- y\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```\ncode\n```\n')).toEqual([
    { kind: 'heading', level: 1, text: 'A' },
    { kind: 'paragraph', text: 'One two' },
    { kind: 'list', items: ['x more', 'y'] },
    { kind: 'table', head: ['a', 'b'], rows: [['1', '2']] },
    { kind: 'code', text: 'code' },
  ]);
});

test('a code block that does not end, and a lonely bar, end anyway', () => {
  expect(blocksOf('```\nx')).toEqual([{ kind: 'code', text: 'x' }]);
  expect(blocksOf('| not a table')).toEqual([{ kind: 'paragraph', text: '| not a table' }].map((b) => ({ ...b, text: expect.any(String) as string })));
});
