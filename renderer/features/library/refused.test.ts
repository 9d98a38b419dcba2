import { expect, test } from 'vitest';
import { byReason } from './refused.ts';

test('equal reasons are counted together, the most frequent first', () => {
  const refused = [
    { path: 'a', code: 'dicom/not-dicom', message: 'No DICOM.' },
    { path: 'b', code: 'dicom/no-pixels', message: 'The pixels are missing.' },
    { path: 'c', code: 'dicom/no-pixels', message: 'The pixels are missing.' },
    { path: 'd', code: 'dicom/no-pixels', message: 'The pixels are missing.', hint: 'Another hint.' },
  ];
  expect(byReason(refused).map((one) => [one.message, one.paths])).toEqual([['The pixels are missing.', ['b', 'c']], ['No DICOM.', ['a']], ['The pixels are missing.', ['d']]]);
});
