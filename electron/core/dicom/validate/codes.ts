/** Context groups of PS3.16 (2024c) that objects of this program use; scheme DCM. All are extensible: another code is a warning, not an error. */

/** CID 7203, Image Derivation. */
export const derivationCodes = new Set([
  '113040', '113042', '113046', '113047', '113048', '113049', '113050', '113051', '113053', '113062', '113072', '113073', '113074', '113075', '113076', '113077', '113078', '113079',
  '113085', '113086', '113087', '113088', '113089', '113090', '113091', '113092', '113093', '113097', '113131', '125027', '128303', '129104', '129105', '129106',
]);
/** CID 7005, Contributing Equipment Purpose of Reference. */
export const equipmentCodes = new Set(['109100', '109101', '109102', '109103', '109104', '109105', '109106', 'FILMD', 'DOCD', 'VIDD', 'MEDIM']);
/** CID 7202, Source Image Purpose of Reference. */
export const sourcePurposes = new Set(['113130', '121320', '121321', '121322', '121329', '121330', '121358', '128250', '128251']);
