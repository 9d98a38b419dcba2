/** What the walk over an object is given: the rules for the whole object, and the place of one data set in it. */
import type { DeidentifyOption } from '#contract';
import type { CodecName, DataSet, Iod } from '#dicom';
import type { IdentityWords } from './identity-words.ts';
import type { Declarations } from './private-elements.ts';
import type { Project } from './project.ts';

export type Outcome = 'removed' | 'replaced' | 'kept' | 'cleaned';

/** What holds for the whole object. */
export interface Rules {
  readonly project: Project;
  readonly options: ReadonlySet<DeidentifyOption>;
  readonly iod: Iod | null;
  /** From `patientOf`. */
  readonly patient: string;
  readonly patientName: string;
  /** By how many days dates move. */
  readonly days: number;
  readonly identity: IdentityWords;
  readonly declarations: Declarations;
  /** Of the object's transfer syntax: what its fragments are. `null` when pixels are native. */
  readonly codec: CodecName | null;
  readonly count: (tag: string, outcome: Outcome) => void;
}

/** Where a data set is. */
export interface Place {
  /** Tags of the sequences around it, from the top. */
  readonly path: readonly string[];
  /** The character sets that hold in the copy around it. */
  readonly characterSets: readonly string[];
}

/** Takes one data set and all below it through the profile. */
export type Walk = (source: DataSet, rules: Rules, place: Place) => DataSet;
