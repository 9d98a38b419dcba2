/** All jobs as the page knows them now. */
import type { Job } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import type { Resource } from '../../client/index.ts';
import { mergeJobs } from './job-order.ts';

export function useJobs(): { jobs: Job[]; resource: Resource<Job[]> } {
  const events = useStore(live);
  const resource = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  return { jobs: mergeJobs(resource.value ?? [], events.jobs), resource };
}
