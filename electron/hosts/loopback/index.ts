/** The page over HTTP on 127.0.0.1, for whoever holds the token. See README.md. */
export { serveLoopback, type LoopbackServer, type LoopbackOptions } from './server.ts';
export { createGuard, type Guard } from './guard.ts';
