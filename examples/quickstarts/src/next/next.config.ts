import type { NextConfig } from 'next';

const config: NextConfig = {
  serverExternalPackages: ['scopegate'], // its WebAssembly stays a file beside its scripts
};

export default config;
