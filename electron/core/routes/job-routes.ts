import type { Hono } from 'hono';
import { routes } from '#contract';
import { estimateJob } from './estimate-job.ts';
import { register } from './register.ts';
import type { Services } from './services.ts';

export function jobRoutes(app: Hono, services: Services): void {
  const { jobs } = services;
  register(app, routes.estimateJob, ({ body }) => estimateJob(services, body));
  register(app, routes.startJob, ({ body }) => jobs.start(body));
  register(app, routes.listJobs, () => jobs.list());
  register(app, routes.getJob, ({ params }) => jobs.get(params.jobId));
  register(app, routes.pauseJob, ({ params }) => jobs.pause(params.jobId));
  register(app, routes.resumeJob, ({ params }) => jobs.resume(params.jobId));
  register(app, routes.cancelJob, ({ params }) => jobs.cancel(params.jobId));
  register(app, routes.retryJob, ({ params }) => jobs.retry(params.jobId));
}
