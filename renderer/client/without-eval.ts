/**
 * zod writes validators with `new Function` where it may. The page's content security policy forbids that, and even the try is reported,
 * so it is switched off before any schema is made: this module must be the first import of the page.
 */
import { config } from 'zod';

config({ jitless: true });
