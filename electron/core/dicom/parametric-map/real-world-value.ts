/** Real World Value Mapping: what a parametric map's numbers mean (PS3.3 C.7.6.16.2.11). */
import { firstCode } from '../code-items.ts';
import type { DataSet } from '../data-set.ts';
import type { Code, Rescale } from '../types.ts';

const parametricMap = '1.2.840.10008.5.1.4.1.1.30';

/** Units that people write otherwise than UCUM does. */
const spelled: Readonly<Record<string, string>> = { '1': '', '[hnsf\'U]': 'HU', 'um2/s': 'µm²/s', 'mm2/s': 'mm²/s', '10-6.mm2/s': '10⁻⁶ mm²/s', '{SUVbw}g/ml': 'g/ml (SUVbw)' };

/**
 * The mapping of a parametric map that has one for all frames; null for other objects.
 * Other images may carry mappings, too, but say their own values by a Modality LUT.
 */
export function realWorldRescale(dataset: DataSet): Rescale | null {
  if (dataset.string('SOPClassUID') !== parametricMap) return null;
  const shared = dataset.sequence('SharedFunctionalGroupsSequence')[0]?.sequence('RealWorldValueMappingSequence')[0];
  return mappingRescale(shared ?? dataset.sequence('RealWorldValueMappingSequence')[0]);
}

/** A linear mapping's slope, intercept and unit; null for tables and for none. */
export function mappingRescale(mapping: DataSet | undefined): Rescale | null {
  if (mapping === undefined) return null;
  const slope = mapping.number('RealWorldValueSlope');
  if (slope === null || slope === 0) return null;
  const unit = firstCode(mapping, 'MeasurementUnitsCodeSequence');
  return { slope, intercept: mapping.number('RealWorldValueIntercept') ?? 0, type: unit === null ? '' : unitWords(unit) };
}

/** What UCUM writes in braces is a remark, in brackets a unit of its own making: people read the meaning. */
function unitWords({ value: code, meaning }: Pick<Code, 'value' | 'meaning'>): string {
  return spelled[code] ?? (/[{[]/.test(code) ? meaning : code);
}

/** Units in which the mappings of an image or a frame give its values, as people write them; '' for a bare number. None without mappings. */
export function mappedUnits(mappings: readonly DataSet[]): string[] {
  return [...new Set(mappings.flatMap((mapping) => firstCode(mapping, 'MeasurementUnitsCodeSequence') ?? []).map(unitWords))];
}
