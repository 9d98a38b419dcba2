/**
 * Attributes that Table E.1-1 does not list. PS3.15 E.1.1 leaves it to the implementation to protect them where they could identify; most could
 * not. Judged by VR, and by name where the VR is not enough.
 */
import { allowedVrs, tagOf } from '#dicom';
import { isRetiredText, type ProfileRow } from './profile.ts';

/** `clean`: text of which known-safe words are left whatever the options; falls back on the row of its Type when none is. */
export type OtherRule = { readonly kind: 'row'; readonly row: ProfileRow } | { readonly kind: 'keep' } | { readonly kind: 'clean' };

const asNeeded: ProfileRow = { basic: 'X/Z/D', options: {} };
const temporal: ProfileRow = { basic: 'X/Z/D', options: { 'retain-full-dates': 'K', 'retain-modified-dates': 'C' } };
const device: ProfileRow = { basic: 'X/Z/D', options: { 'retain-device-identity': 'K' } };
const instance: ProfileRow = { basic: 'U', options: { 'retain-uids': 'K' } };
const removed: ProfileRow = { basic: 'X', options: {} };

/** UIDs that name a kind of thing: classes, syntaxes, coding schemes, programs, templates. All others name one thing and are mapped. */
const kindUids = new Set([
  'SOPClassUID', 'RelatedGeneralSOPClassUID', 'OriginalSpecializedSOPClassUID', 'SOPClassesInStudy', 'CodingSchemeUID', 'ContextGroupExtensionCreatorUID', 'ContextUID', 'MappingResourceUID',
  'StoredInstanceTransferSyntaxUID', 'ReferencedSOPClassUID', 'SOPClassesSupported', 'AvailableTransferSyntaxUID', 'CreatorVersionUID', 'FlowTransferSyntaxUID', 'MACCalculationTransferSyntaxUID',
  'EncryptedContentTransferSyntaxUID', 'SegmentationTemplateUID', 'PertinentSOPClassesInStudy', 'PertinentSOPClassesInSeries',
].map(tagOf));

/** Short text that belongs to somebody although the table does not list it. */
const byName: ReadonlyMap<string, ProfileRow> = new Map<string, ProfileRow>([
  ...(['PatientBirthDateInAlternativeCalendar', 'PatientDeathDateInAlternativeCalendar', 'BreedRegistrationNumber', 'HangingProtocolCreator', 'HangingProtocolUserGroupName', 'ContactDisplayName', 'NTPSourceAddress',
    'OwnerID', 'BoardingPassID', 'ItineraryID', 'StorageMediaFileSetID', 'ComponentWelderIDs', 'PrinterName', 'DeidentificationMethod', 'DeidentificationMethodCodeSequence', 'PrivateDataElementCharacteristicsSequence',
    'DeidentificationActionSequence', 'DataSetTrailingPadding'] as const).map((keyword): [string, ProfileRow] => [tagOf(keyword), removed]),
  ...(['DeviceID', 'GridID', 'RadiationMachineName'] as const).map((keyword): [string, ProfileRow] => [tagOf(keyword), device]),
]);

/** Short text that a person types in sentences. */
const typedTexts = new Set(['ContentDescription'].map(tagOf));

/** Text that is part of a code, of a coding scheme or of an algorithm. */
const codeTexts = new Set(['LongCodeValue', 'URNCodeValue', 'ExtendedCodeMeaning', 'CodingSchemeExternalID', 'CodingSchemeName', 'CodingSchemeURL', 'AlgorithmParameters'].map(tagOf));

/** Bytes that a picture or a curve is made of. */
const drawnBytes = new Set(['PixelData', 'ICCProfile', 'FillPattern', 'WaveformData', 'WaveformPaddingValue', 'ChannelMinimumValue', 'ChannelMaximumValue'].map(tagOf));

/**
 * The rule of a standard attribute without a row.
 *
 * @param vr Its value's VR.
 */
export function otherRule(tag: string, vr: string): OtherRule {
  const own = byName.get(tag);
  if (own !== undefined) return { kind: 'row', row: own };
  // Not in the dictionary: nobody knows what it holds.
  if (allowedVrs(tag).length === 0 || isRetiredText(tag)) return { kind: 'row', row: removed };
  if (codeTexts.has(tag)) return { kind: 'keep' };
  if (typedTexts.has(tag)) return { kind: 'clean' };
  switch (vr) {
    case 'DA':
    case 'DT':
    case 'TM':
      return { kind: 'row', row: temporal };
    case 'PN':
    case 'AE':
    case 'UR':
      return { kind: 'row', row: asNeeded };
    case 'UI':
      return kindUids.has(tag) ? { kind: 'keep' } : { kind: 'row', row: instance };
    case 'LT':
    case 'ST':
    case 'UT':
    case 'UC':
      return { kind: 'clean' };
    case 'OB':
      return drawnBytes.has(tag) ? { kind: 'keep' } : { kind: 'row', row: removed };
    case 'UN':
      return { kind: 'row', row: removed };
    default:
      return { kind: 'keep' };
  }
}

const families: readonly (readonly string[])[] = [
  ['LO', 'SH', 'ST', 'LT', 'UT', 'UC', 'CS', 'AS', 'AE', 'UR'],
  ['DA', 'DT', 'TM'],
  ['DS', 'IS', 'US', 'SS', 'UL', 'SL', 'UV', 'SV', 'FL', 'FD', 'AT'],
  ['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'US', 'SS'],
  ['PN'], ['UI'], ['SQ'],
];

/** Whether a value's VR is one that the attribute can have: a number that comes as text may be anything. */
export function isPlausibleVr(tag: string, vr: string): boolean {
  const allowed = allowedVrs(tag);
  return allowed.includes(vr) || families.some((family) => family.includes(vr) && allowed.some((other) => family.includes(other)));
}
