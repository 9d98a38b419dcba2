/** A value fetched for a component. While it is fetched again the old one stays, so that nothing on the screen jumps. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { ScanloomError } from '#contract';

export interface Resource<T> {
  readonly value: T | undefined;
  readonly error: ScanloomError | undefined;
  readonly loading: boolean;
  reload(): void;
}

/**
 * @param load Fetches the value; `null` for nothing to fetch yet.
 * @param key  Names what is fetched: when it changes, the old value is dropped.
 * @param revision When only this changes, the old value stays until the new one is here.
 */
export function useResource<T>(load: ((signal: AbortSignal) => Promise<T>) | null, key: string, revision = 0): Resource<T> {
  const [state, setState] = useState<{ key: string; value: T | undefined; error: ScanloomError | undefined; loading: boolean }>({ key, value: undefined, error: undefined, loading: load !== null });
  const [again, setAgain] = useState(0);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  const idle = load === null;
  useEffect(() => {
    const work = latest.current;
    if (idle || work === null) return;
    const controller = new AbortController();
    setState((now) => (now.key === key ? { ...now, loading: true } : { key, value: undefined, error: undefined, loading: true }));
    work(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setState({ key, value, error: undefined, loading: false });
      },
      (thrown: unknown) => {
        if (!controller.signal.aborted) setState((now) => ({ key, value: now.key === key ? now.value : undefined, error: ScanloomError.from(thrown), loading: false }));
      },
    );
    return () => controller.abort();
  }, [key, revision, again, idle]);
  const reload = useCallback(() => setAgain((n) => n + 1), []);
  const current = state.key === key ? state : { value: undefined, error: undefined, loading: !idle };
  return { value: current.value, error: current.error, loading: current.loading, reload };
}
