/**
 * Keys. A screen gives a table of chords (`Shift+ArrowUp`, `Ctrl+K`, `1`); one listener serves them all, newest table first, so that an
 * open dialog answers before the screen behind it. Text fields keep their keys, but for those that say `inText`.
 */
import { useEffect, useRef } from 'react';

export interface Binding {
  /** One or several chords, as `chordOf` writes them. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (event: KeyboardEvent) => void;
  readonly inText?: boolean;
  /** A key that is held down counts once, however often the system repeats it: for what decides. */
  readonly once?: boolean;
  /** Acts also while a list of choices has the focus, instead of jumping in that list. */
  readonly overLists?: boolean;
}

interface KeyLike {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The chord of an event: modifiers in the order Ctrl, Alt, Shift, then the key. Ctrl is also ⌘ on a Mac. Letters are upper case; Shift is named only where it does not make the character (`?`). */
export function chordOf(event: KeyLike): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  let key = event.key;
  // Digits by their place: presets also work on layouts where digits want Shift, and on the number block.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? '');
  if (digit && !event.shiftKey) key = digit[1] as string;
  if (key === ' ') key = 'Space';
  if (/^[a-z]$/i.test(key)) {
    key = key.toUpperCase();
    if (event.shiftKey) parts.push('Shift');
  } else if (key.length > 1 && event.shiftKey) parts.push('Shift');
  // The backquote is a dead key on many layouts: its place counts.
  if (event.code === 'Backquote') key = 'Backquote';
  parts.push(key);
  return parts.join('+');
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range', 'file'].includes(target.type);
}

/** Enter and Space press the button that has the focus; no table may take them from it. */
function pressesControl(event: KeyboardEvent, chord: string): boolean {
  return (chord === 'Enter' || chord === 'Space') && event.target instanceof HTMLElement && event.target.closest('button, a, input, select, summary') !== null;
}

/** What has the focus: a text field and a list of choices have keys of their own. */
export type Focus = 'page' | 'text' | 'list';

/** The binding that a chord reaches, newest table first. Pure. */
export function findBinding(tables: readonly (readonly Binding[])[], chord: string, focus: Focus): Binding | undefined {
  const isReached = (binding: Binding): boolean => focus === 'page' || binding.inText === true || (focus === 'list' && binding.overLists === true);
  for (let i = tables.length - 1; i >= 0; i -= 1) {
    const found = tables[i]?.find((binding) => binding.keys.includes(chord) && isReached(binding));
    if (found) return found;
  }
  return undefined;
}

const active: { current: readonly Binding[] }[] = [];

function onKeyDown(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  // An open dialog has the keyboard to itself; the browser gives it Escape, Tab and Enter.
  if (document.querySelector('dialog[open]') !== null) return;
  const chord = chordOf(event);
  if (pressesControl(event, chord)) return;
  const focus = isTextField(event.target) ? 'text' : event.target instanceof HTMLSelectElement ? 'list' : 'page';
  const found = findBinding(active.map((table) => table.current), chord, focus);
  if (!found) return;
  event.preventDefault();
  if (!(found.once === true && event.repeat)) found.run(event);
}

/** Serves a table while the component is on the screen. */
export function useKeys(bindings: readonly Binding[]): void {
  const table = useRef(bindings);
  useEffect(() => {
    table.current = bindings;
  });
  useEffect(() => {
    if (active.length === 0) window.addEventListener('keydown', onKeyDown);
    active.push(table);
    return () => {
      active.splice(active.indexOf(table), 1);
      if (active.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

const shown: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Enter: '↵', Backspace: '⌫', Backquote: '`', PageUp: 'PgUp', PageDown: 'PgDn', Escape: 'Esc' };

/** A chord as printed on a key cap. */
export function keyCap(chord: string): string {
  return chord.split('+').map((part) => shown[part] ?? part).join(' ');
}
