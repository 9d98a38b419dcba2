/** Types 1 and 2 of mandatory modules (PS3.5 7.4): what must be there, at every depth of what is there. */
import type { DataSet } from '../data-set.ts';
import { keywordOf } from '../dictionary.ts';
import { attributesOfIod, compositeIod, iodOf, type IodAttribute } from '../iod/iod.ts';
import type { Report } from './report.ts';

/** Their items list every macro there is; which ones an object needs is said by its IOD (functional-groups.ts). */
const functionalGroups = new Set(['52009229', '52009230']);

/**
 * Attributes of conditional and optional modules are not asked for: whether they apply cannot be told from a table. For SOP classes that the tables do not
 * have, only what all objects share is asked for.
 */
export function checkModules(dataset: DataSet, report: Report): void {
  const iod = iodOf(dataset.string('SOPClassUID')) ?? compositeIod;
  const missing = new Set<string>();
  checkLevel(dataset, attributesOfIod(iod), '', (level, code, tag, message) => {
    if (missing.has(message)) return;
    missing.add(message);
    report(level, code, tag, message);
  });
}

function checkLevel(dataset: DataSet, attributes: ReadonlyMap<string, IodAttribute>, within: string, report: Report): void {
  for (const attribute of attributes.values()) {
    const { tag, type, usage } = attribute;
    if (usage !== 'M' || tag.includes('x')) continue;
    const name = keywordOf(tag) || tag;
    const place = within === '' ? '' : ` of ${within}`;
    if (type === '1' && !dataset.hasValue(tag)) report('error', 'type-1-missing', tag, `${name}${place} must be there and have a value.`);
    else if (type === '2' && !dataset.has(tag)) report('error', 'type-2-missing', tag, `${name}${place} must be there, even if empty.`);
    const items = dataset.sequence(tag);
    if (items.length === 0 || attribute.items.size === 0) continue;
    for (const item of items) {
      if (functionalGroups.has(tag)) for (const [group, inner] of attribute.items) for (const entry of item.sequence(group)) checkLevel(entry, inner.items, keywordOf(group), report);
      else checkLevel(item, attribute.items, name, report);
    }
  }
}
