/** What a run would take, asked anew a moment after its settings changed. */
import { useEffect, useState } from 'react';
import type { JobEstimate, StartJob } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import type { Resource } from '../../client/index.ts';
import type { z } from 'zod';
import type { StartJob as StartJobSchema } from '#contract';

export type StartInput = z.input<typeof StartJobSchema>;

export function useEstimate(start: StartInput | null): Resource<JobEstimate> {
  const wanted = start === null ? '' : JSON.stringify(start);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), 200);
    return () => clearTimeout(timer);
  }, [wanted]);
  // A finished run teaches the pace of this machine.
  const { jobsRevision } = useStore(live);
  return useResource(asked === '' ? null : (signal) => call('estimateJob', { body: JSON.parse(asked) as StartJob, signal }), asked, jobsRevision);
}
