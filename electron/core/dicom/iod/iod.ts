/**
 * What the Information Object Definitions of PS3.3 ask for: modules with their usage, attributes with their type, at every depth.
 * The tables are iod-data.ts (edition 2026b): 24 IODs of images, segmentations, parametric maps, structure sets and presentation states.
 */
import { iodText, moduleText, treeText } from './iod-data.ts';

/** PS3.5 7.4. */
export type AttributeType = '1' | '1C' | '2' | '2C' | '3';
/** Mandatory, Conditional, User option (PS3.3 A.1.3). */
export type ModuleUsage = 'M' | 'C' | 'U';

export interface Iod {
  /** As in the tables, e.g. `ct-image`. */
  readonly name: string;
  readonly sopClassUids: readonly string[];
  readonly modules: readonly { readonly name: string; readonly usage: ModuleUsage }[];
}

export interface IodAttribute {
  /** `ggggeeee`. */
  readonly tag: string;
  /** The strictest that a module of the usage below gives. */
  readonly type: AttributeType;
  /** Of the module that asks most: a mandatory one's type is told before an optional one's. */
  readonly usage: ModuleUsage;
  /** Of the items, when it is a sequence of which the tables know the items. */
  readonly items: ReadonlyMap<string, IodAttribute>;
}

interface Node {
  readonly tag: string;
  readonly type: AttributeType;
  readonly coded: boolean;
  readonly tree: number | null;
}

const trees = lines(treeText).map((line): Node[] =>
  line.split(' ').map((word) => {
    const [, type, tag, coded, tree] = /^(1C|2C|1|2|3)([0-9a-fx]{8})(\*?)(?::(\d+))?$/.exec(word)!;
    return { tag: tag!, type: type as AttributeType, coded: coded === '*', tree: tree === undefined ? null : Number(tree) };
  }),
);
const treeOfModule = new Map(lines(moduleText).map((line): [string, number] => [line.slice(0, line.indexOf(' ')), Number(line.slice(line.indexOf(' ') + 1))]));

const iods: readonly Iod[] = lines(iodText).map((line) => {
  const [name, uids, ...modules] = line.split(' ');
  return { name: name!, sopClassUids: uids!.split(','), modules: modules.map((word) => ({ usage: word.slice(0, 1) as ModuleUsage, name: word.slice(2) })) };
});
const bySopClass = new Map(iods.flatMap((iod) => iod.sopClassUids.map((uid) => [uid, iod] as const)));

/** The Code Sequence Macro, PS3.3 Table 8.8-1, without its enhanced encoding mode. */
const codeMacro: readonly Node[] = [
  ...(['00080100', '00080102', '00080119', '00080120'] as const).map((tag): Node => ({ tag, type: '1C', coded: false, tree: null })),
  { tag: '00080103', type: '1C', coded: false, tree: null },
  { tag: '00080104', type: '1', coded: false, tree: null },
];

/** What every composite object has (PS3.3 A.1.2): for SOP classes whose own IOD is not in the tables. */
export const compositeIod: Iod = {
  name: 'composite',
  sopClassUids: [],
  modules: ['patient', 'general-study', 'general-series', 'general-equipment', 'sop-common'].map((name) => ({ name, usage: 'M' as const })),
};

function lines(text: string): string[] {
  return text.trim().split('\n');
}

/** The IOD of a SOP class; null for classes that the tables do not have (see `compositeIod`). */
export function iodOf(sopClassUid: string): Iod | null {
  return bySopClass.get(sopClassUid) ?? null;
}

const known = new WeakMap<Iod, ReadonlyMap<string, IodAttribute>>();
const usageOrder = 'MCU';
const typeOrder: readonly AttributeType[] = ['1', '2', '1C', '2C', '3'];

function moreAsked(a: IodAttribute, b: IodAttribute): boolean {
  const usage = usageOrder.indexOf(a.usage) - usageOrder.indexOf(b.usage);
  return usage === 0 ? typeOrder.indexOf(a.type) < typeOrder.indexOf(b.type) : usage < 0;
}

/** Attributes of some nodes under one usage; items are only looked up when somebody asks. */
function attributesOf(nodes: readonly Node[], usage: ModuleUsage): Map<string, IodAttribute> {
  return new Map(nodes.map((node) => {
    let items: ReadonlyMap<string, IodAttribute> | null = null;
    const attribute: IodAttribute = {
      tag: node.tag,
      type: node.type,
      usage,
      get items() {
        return (items ??= attributesOf([...(node.coded ? codeMacro : []), ...(node.tree === null ? [] : trees[node.tree]!)], usage));
      },
    };
    return [node.tag, attribute];
  }));
}

/** Attributes of the data set itself, by tag; where several modules have one, what the strictest says, and the items of all. */
export function attributesOfIod(iod: Iod): ReadonlyMap<string, IodAttribute> {
  const before = known.get(iod);
  if (before !== undefined) return before;
  const merged = new Map<string, IodAttribute>();
  for (const { name, usage } of iod.modules) for (const [tag, attribute] of attributesOf(trees[treeOfModule.get(name)!]!, usage)) merge(merged, tag, attribute);
  known.set(iod, merged);
  return merged;
}

function merge(into: Map<string, IodAttribute>, tag: string, attribute: IodAttribute): void {
  const other = into.get(tag);
  if (other === undefined) {
    into.set(tag, attribute);
    return;
  }
  const [first, second] = moreAsked(attribute, other) ? [attribute, other] : [other, attribute];
  let items: ReadonlyMap<string, IodAttribute> | null = null;
  into.set(tag, {
    tag,
    type: first.type,
    usage: first.usage,
    get items() {
      return (items ??= new Map([...second.items, ...first.items]));
    },
  });
}

/**
 * The type of an attribute in an IOD.
 *
 * @param tagPath Tags `ggggeeee` from the data set down, e.g. `['00082112', '00081155']` for the UID in a source image's item.
 * @returns null when the IOD does not have the attribute at that place: it counts as Type 3 (PS3.15 E.1).
 */
export function attributeType(iod: Iod, tagPath: readonly string[]): AttributeType | null {
  let level: ReadonlyMap<string, IodAttribute> = attributesOfIod(iod);
  let found: IodAttribute | undefined;
  for (const tag of tagPath) {
    found = level.get(tag);
    if (found === undefined) return null;
    level = found.items;
  }
  return found?.type ?? null;
}
