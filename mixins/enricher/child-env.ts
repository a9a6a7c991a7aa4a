/** What a child process needs of its parent's environment; everything else, and every secret, stays with the parent. */
const passed = new Set([
  ...[
    'PATH',
    'HOME',
    'USER',
    'LANG',
    'LANGUAGE',
    'TZ',
    'TMPDIR',
    'TEMP',
    'TMP',
    'SystemRoot',
    'LD_LIBRARY_PATH',
    'DYLD_LIBRARY_PATH',
  ],
  ...[
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'NODE_EXTRA_CA_CERTS',
    'NODE_COMPILE_CACHE',
    'MALLOC_ARENA_MAX',
  ],
  ...['VITRAIL_PROFILE', 'VITRAIL_DATA', 'VITRAIL_MAX_PIXELS'],
  // The way to the bytes, which a child reads and writes itself; it forgets the keys before it loads a plugin (child.ts).
  ...['VITRAIL_S3_ENDPOINT', 'VITRAIL_S3_ACCESS_KEY', 'VITRAIL_S3_SECRET_KEY', 'VITRAIL_S3_BUCKET', 'VITRAIL_S3_REGION'],
]);

/** The environment of child processes: an allow-list, and what `more` adds to it (what a driver of the blob store needs). */
export function childEnv(env: NodeJS.ProcessEnv, more: readonly string[] = []): NodeJS.ProcessEnv {
  const wanted = (name: string): boolean => passed.has(name) || name.startsWith('LC_') || more.includes(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted(name)));
}
