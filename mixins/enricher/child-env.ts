/**
 * What a child process needs of its parent's environment; everything else, and every secret, stays with the parent: whatever runs as
 * the same user reads it in /proc, a plugin and what it starts among it.
 */
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
  // Where the bytes are, which a child reads and writes itself; its first message has the keys (child.ts).
  ...['VITRAIL_S3_ENDPOINT', 'VITRAIL_S3_BUCKET', 'VITRAIL_S3_REGION'],
]);

/** The environment of child processes: an allow-list. */
export function childEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted = (name: string): boolean => passed.has(name) || name.startsWith('LC_');
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted(name)));
}
