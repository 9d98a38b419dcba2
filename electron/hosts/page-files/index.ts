/** What every host does the same way: serve the built page, and put the security headers on what goes out. */
export { createPageFiles, type PageFiles } from './page-files.ts';
export { withSecurityHeaders, pagePolicy, dataPolicy } from './security-headers.ts';
