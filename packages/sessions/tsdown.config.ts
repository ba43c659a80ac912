import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/express-session.ts',
    'src/file.ts',
    'src/keyv.ts',
    'src/memory.ts',
    'src/postgres.ts',
    'src/redis.ts',
    'src/sqlite.ts',
    'src/testing.ts',
    'src/unstorage.ts',
  ],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  publint: true,
  attw: { profile: 'esm-only' },
  external: [/^node:/],
});
