import type { NextConfig } from 'next';

/** The tests run inside another project. */
const config: NextConfig = { turbopack: { root: import.meta.dirname } };

export default config;
