/** Where one is, in the address after `#`: `#/view/1.2.3?item=…`. Works on every scheme and needs no host. */
import { useMemo, useSyncExternalStore } from 'react';

export interface Place {
  readonly screen: string;
  readonly rest: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export function parsePlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [screen = '', ...rest] = path.split('/').filter((part) => part !== '').map(decodeURIComponent);
  return { screen: screen === '' ? 'studies' : screen, rest, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function placeAddress(screen: string, rest: readonly string[] = [], query: Readonly<Record<string, string | undefined>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  const text = search.toString();
  return `#/${[screen, ...rest].map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

export function goTo(screen: string, rest: readonly string[] = [], query: Readonly<Record<string, string | undefined>> = {}): void {
  window.location.hash = placeAddress(screen, rest, query);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parsePlace(hash), [hash]);
}
