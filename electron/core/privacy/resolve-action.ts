/** From a row of the table to one action for one attribute of one object: options override, choices are made by the attribute's Type (PS3.15 E.1, Table E.1-1a). */
import type { DeidentifyOption } from '#contract';
import { attributeType, iodOf, type Iod } from '#dicom';
import type { ActionCode, ProfileRow } from './profile.ts';

export type Action = 'X' | 'Z' | 'D' | 'U' | 'K' | 'C';

/** `any` where the tables do not have the IOD: then what every IOD could ask for is done. */
export type Need = '1' | '2' | '3' | 'any';

/**
 * How much the object's IOD needs the attribute. A conditional attribute that is there counts as asked for. What the IOD does not have counts as Type 3.
 *
 * @param tagPath From the data set down.
 */
export function needOf(iod: Iod | null, tagPath: readonly string[]): Need {
  if (iod === null) return 'any';
  return (attributeType(iod, tagPath) ?? '3').slice(0, 1) as Need;
}

export function iodOfClass(sopClassUid: string): Iod | null {
  return iodOf(sopClassUid);
}

/** The code of the options that are chosen; cleaning goes before keeping, so that a shifted date stays shifted where a device keeps its calibration. */
export function optionAction(row: ProfileRow, options: ReadonlySet<DeidentifyOption>): 'K' | 'C' | null {
  let action: 'K' | 'C' | null = null;
  for (const [option, code] of Object.entries(row.options)) {
    if (!options.has(option as DeidentifyOption)) continue;
    if (code === 'C') return 'C';
    action = code;
  }
  return action;
}

/** The Basic Profile's action. A code with a choice takes its left one unless the Type needs the right one. */
export function basicAction(code: ActionCode, need: Need): Exclude<Action, 'K' | 'C'> {
  switch (code) {
    case 'X':
    case 'D':
    case 'U':
      return code;
    // An empty value is no value for Type 1; a dummy is allowed by the code.
    case 'Z':
      return need === '1' ? 'D' : 'Z';
    case 'Z/D':
      return need === '1' || need === 'any' ? 'D' : 'Z';
    case 'X/Z':
      return need === '3' ? 'X' : need === '1' ? 'D' : 'Z';
    case 'X/D':
      return need === '3' ? 'X' : 'D';
    case 'X/Z/D':
      return need === '3' ? 'X' : need === '2' ? 'Z' : 'D';
    // A Type 2 sequence that has items keeps them with other UIDs: empty, a segmentation would no longer say of what it is.
    case 'X/Z/U*':
      return need === '3' ? 'X' : 'U';
    case 'K':
    case 'C':
      return 'X';
  }
}

export function actionOf(row: ProfileRow, options: ReadonlySet<DeidentifyOption>, need: () => Need): Action {
  return optionAction(row, options) ?? basicAction(row.basic, row.basic.includes('/') || row.basic === 'Z' ? need() : 'any');
}
