import { describe, expect, test } from 'vitest';
import { reasonOfFigures, type SaidOfValues } from './maps-of-figures.ts';

const said = (type: string, more: Partial<SaidOfValues> = {}): SaidOfValues => ({ modality: 'MR', imageType: type.split('\\'), rescaleType: null, mappedUnits: [], pixelPresentation: '', seriesDescription: '', ...more });

test.each([
  ['ORIGINAL\\PRIMARY\\T1\\FIELD_MAP', /fields/],
  ['ORIGINAL\\PRIMARY\\PHASE MAP\\P\\FFE', /phases/],
  ['DERIVED\\PRIMARY\\DIFFUSION\\ADC', /diffusion \(ADC\)/],
  ['ORIGINAL\\PRIMARY\\P\\ND', /phases/],
  ['DERIVED\\PRIMARY\\PERFUSION\\RCBF', /perfusion \(RCBF\)/],
  ['DERIVED\\SECONDARY\\AXIAL\\TMAX', /perfusion/],
  ['DERIVED\\PRIMARY\\OTHER\\T2_STAR_MAP', /relaxation/],
  ['DERIVED\\PRIMARY\\AXIAL\\EFF_ATOMIC_NUM', /material/],
  ['DERIVED\\PRIMARY\\OTHER\\Z_SCORE', /statistics/],
])('Image Type %s is refused', (type, reason) => expect(reasonOfFigures(said(type))).toMatch(reason));

test.each([
  'ORIGINAL\\PRIMARY\\M_FFE\\M\\FFE', 'ORIGINAL\\PRIMARY\\OTHER\\R\\IR', 'DERIVED\\SECONDARY\\MPR', 'ORIGINAL\\PRIMARY', 'ORIGINAL\\PRIMARY\\PERFUSION\\NONE', 'ORIGINAL\\PRIMARY\\DIFFUSION\\NONE\\ND', 'DERIVED\\PRIMARY\\DIFFUSION\\TRACEW\\ND',
])('Image Type %s is taken', (type) => expect(reasonOfFigures(said(type))).toBeNull());

describe('what else tells', () => {
  test.each<[string, string, Partial<SaidOfValues>, RegExp | null]>([
    ['CT of no stated unit', 'DERIVED\\SECONDARY', { modality: 'CT', rescaleType: 'US' }, /not Hounsfield units/],
    ['CT in modified units', 'DERIVED\\PRIMARY\\AXIAL', { modality: 'CT', rescaleType: 'HU_MOD' }, /are HU_MOD, not Hounsfield/],
    ['CT in Hounsfield units', 'ORIGINAL\\PRIMARY\\AXIAL', { modality: 'CT', rescaleType: 'HU', mappedUnits: ['HU'] }, null],
    ['MR of no stated unit', 'ORIGINAL\\PRIMARY\\M', { rescaleType: 'US', mappedUnits: [''] }, null],
    ['MR in hertz', 'ORIGINAL\\PRIMARY\\M', { mappedUnits: ['', 'Hz'] }, /values in Hz/],
    ['MR in milliseconds', 'ORIGINAL\\PRIMARY\\M', { rescaleType: 'ms' }, /values in ms/],
    ['colours', 'DERIVED\\PRIMARY\\AXIAL', { modality: 'CT', rescaleType: 'HU', pixelPresentation: 'MIXED' }, /Pixel Presentation MIXED/],
    ['the name of a derived series', 'DERIVED\\SECONDARY\\PROCESSED', { seriesDescription: 'Apparent Diffusion Coefficient (mm?/s)' }, /called "Apparent Diffusion/],
    ['not the name of a scanned one', 'ORIGINAL\\PRIMARY\\OTHER', { seriesDescription: 'DWI for ADC' }, null],
    ['nor any word of a derived one', 'DERIVED\\SECONDARY\\MPR', { seriesDescription: 'MPR thick T2 axial' }, null],
  ])('%s', (_, type, more, reason) => {
    const found = reasonOfFigures(said(type, more));
    if (reason === null) expect(found).toBeNull();
    else expect(found).toMatch(reason);
  });
});
