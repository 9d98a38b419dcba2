/** What a person chose for this screen; kept by the browser, never sent but for the reader's name. */
import { createStore } from '../client/index.ts';

export interface Preferences {
  /** Name that decisions are recorded under. */
  readonly reader: string;
  /** Left drag: up = brighter; true turns it round. */
  readonly reverseWindowDrag: boolean;
  /** Names and numbers of patients are replaced by dots, for screen sharing. */
  readonly hideIdentifiers: boolean;
}

const storageKey = 'scanloom.preferences';
const defaults: Preferences = { reader: 'reader-1', reverseWindowDrag: false, hideIdentifiers: false };

function read(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return defaults;
    const { reader, reverseWindowDrag, hideIdentifiers } = kept as Partial<Record<keyof Preferences, unknown>>;
    return {
      reader: typeof reader === 'string' && reader.trim() !== '' ? reader.slice(0, 60) : defaults.reader,
      reverseWindowDrag: reverseWindowDrag === true,
      hideIdentifiers: hideIdentifiers === true,
    };
  } catch {
    return defaults;
  }
}

export const preferences = createStore<Preferences>(typeof localStorage === 'undefined' ? defaults : read());

export function changePreferences(change: Partial<Preferences>): void {
  preferences.set((now) => ({ ...now, ...change }));
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences.get()));
  } catch {
    // A browser without storage keeps it until the page closes.
  }
}
