import { describe, expect, test } from 'vitest';
import { tagOf } from '../dictionary.ts';
import { attributeType, attributesOfIod, compositeIod, iodOf } from './iod.ts';

const ct = iodOf('1.2.840.10008.5.1.4.1.1.2')!;

describe('the tables of PS3.3', () => {
  test.each([
    ['1', ['PixelSpacing']],
    ['2', ['PatientName']],
    ['2', ['KVP']],
    ['3', ['SyntheticData']],
    ['1', ['SourceImageSequence', 'ReferencedSOPInstanceUID']],
    ['1C', ['DerivationCodeSequence', 'CodeValue']],
    ['1', ['DerivationCodeSequence', 'CodeMeaning']],
    [null, ['FlipAngle']],
    [null, ['PatientName', 'PatientID']],
  ])('a CT image has type %s for %s', (type, path) => {
    expect(attributeType(ct, path.map(tagOf))).toBe(type);
  });

  test('reach the functional groups of multi-frame objects', () => {
    const segmentation = iodOf('1.2.840.10008.5.1.4.1.1.66.7')!;
    expect(segmentation.name).toBe('segmentation');
    expect(attributeType(segmentation, ['PerFrameFunctionalGroupsSequence', 'SegmentIdentificationSequence', 'ReferencedSegmentNumber'].map(tagOf))).toBe('1');
  });

  test('know what all objects have, for classes that they do not know', () => {
    expect(iodOf('1.2.840.10008.5.1.4.1.1.77.1.6')).toBeNull();
    expect(attributeType(compositeIod, [tagOf('PatientID')])).toBe('2');
    expect(attributesOfIod(compositeIod).size).toBeGreaterThan(100);
  });
});
