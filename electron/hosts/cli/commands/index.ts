/** Every command; the order is that of the help. Commands never import each other. */
import type { Command } from '../command.ts';
import { deidentify } from './deidentify.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { ingest } from './ingest.ts';
import { inspect } from './inspect.ts';
import { jobs } from './jobs.ts';
import { list } from './list.ts';
import { models } from './models.ts';
import { render } from './render.ts';
import { review } from './review.ts';
import { run } from './run.ts';
import { serve } from './serve.ts';
import { verify } from './verify.ts';

export const commands: readonly Command[] = [demo, inspect, ingest, list, render, run, jobs, review, exportCommand, deidentify, verify, models, serve, doctor];

/** Tasks that may stand where a command stands. */
export const shorthands: readonly string[] = ['upscale', 'synthesize'];
