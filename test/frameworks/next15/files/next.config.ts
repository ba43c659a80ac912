import type { NextConfig } from 'next';

/** The tests run inside another project. */
const config: NextConfig = { outputFileTracingRoot: process.cwd() };

export default config;
