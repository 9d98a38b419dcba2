/** Kinds of single-frame images that can be derived from, and what is particular to each. */
const storage = '1.2.840.10008.5.1.4.1.1';

export type Kind = 'CT' | 'MR' | 'PT' | 'CR' | 'DX' | 'MG' | 'SC';

/** SOP classes that can be derived from; the new image has the class of its source. */
export const kinds: Readonly<Record<string, Kind | undefined>> = {
  [`${storage}.2`]: 'CT',
  [`${storage}.4`]: 'MR',
  [`${storage}.128`]: 'PT',
  [`${storage}.1`]: 'CR',
  [`${storage}.1.1`]: 'DX',
  [`${storage}.1.1.1`]: 'DX',
  [`${storage}.1.2`]: 'MG',
  [`${storage}.1.2.1`]: 'MG',
  [`${storage}.7`]: 'SC',
};

/** Type 2 attributes that the object must have, empty if need be: Patient, Study, Series, Frame of Reference and image modules (PS3.3 Annex A, C.7, C.8). */
export const type2: Readonly<Record<'all' | Kind, readonly string[]>> = {
  all: ['PatientName', 'PatientID', 'PatientBirthDate', 'PatientSex', 'StudyDate', 'StudyTime', 'ReferringPhysicianName', 'StudyID', 'AccessionNumber'],
  CT: ['PositionReferenceIndicator', 'SliceThickness', 'KVP', 'AcquisitionNumber'],
  MR: ['PositionReferenceIndicator', 'SliceThickness', 'ScanOptions', 'MRAcquisitionType', 'EchoTime', 'EchoTrainLength'],
  PT: ['PositionReferenceIndicator', 'SliceThickness'],
  CR: ['BodyPartExamined', 'ViewPosition'],
  DX: [],
  MG: [],
  SC: [],
};

/** PS3.3 C.7.6.1.1.2 and the clause of each IOD. */
export function imageType(source: readonly string[], kind: Kind, factor: number): string[] {
  const resampled = factor === 1 ? [] : ['RESAMPLED'];
  switch (kind) {
    // C.8.2.1.1.1: value 3 must be there.
    case 'CT': return ['DERIVED', 'SECONDARY', source[2] === 'LOCALIZER' ? 'LOCALIZER' : 'AXIAL', ...resampled];
    // C.8.3.1.1.1.
    case 'MR': return ['DERIVED', 'SECONDARY', 'OTHER', ...resampled];
    // C.8.9.4.1.1: value 2 is PRIMARY.
    case 'PT': return ['DERIVED', 'PRIMARY'];
    // C.8.11.3.1.1, C.8.11.7.1.4: value 3 is there and may be empty.
    case 'DX':
    case 'MG': return ['DERIVED', 'SECONDARY', ''];
    case 'CR':
    case 'SC': return ['DERIVED', 'SECONDARY'];
  }
}
