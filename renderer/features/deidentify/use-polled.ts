/** A value of the host that changes while something runs there: asked for again until it does not. */
import { useEffect, useState } from 'react';
import { useResource } from '../../client/index.ts';
import type { Resource } from '../../client/index.ts';

const everyMs = 700;

export function usePolled<T extends { readonly state: string }>(load: ((signal: AbortSignal) => Promise<T>) | null, key: string): Resource<T> {
  const [revision, setRevision] = useState(0);
  const resource = useResource(load, key, revision);
  const isRunning = resource.value?.state === 'running';
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setRevision((now) => now + 1), everyMs);
    return () => clearInterval(timer);
  }, [isRunning]);
  return resource;
}
