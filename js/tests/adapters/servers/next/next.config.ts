import type { NextConfig } from 'next';

export default {
  // The core is a file beside the package's scripts: a bundler would have to be told to bring it along.
  serverExternalPackages: ['scopegate'],
  turbopack: { root: process.env.NEXT_ROOT ?? '' },
  // Type errors are tsc's to find, in the type tests.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig;
