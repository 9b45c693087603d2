import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const target = fileURLToPath(new URL('../../../target/react-tests/', import.meta.url));

/**
 * Bundles the suite with the React that the package at `owner` has, and runs it: the suite, the package and React DOM
 * have to share one.
 */
export async function runSuite(owner: string): Promise<void> {
  const require = createRequire(new URL(`../../../${owner}/package.json`, import.meta.url));
  const { version } = require('react/package.json') as { version: string };
  const outfile = `${target}react-${version}.mjs`;
  const react: Plugin = {
    name: 'react',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^react(-dom)?(\/|$)/ }, ({ path }) => ({ path: require.resolve(path), external: true })),
  };
  await build({
    entryPoints: [fileURLToPath(new URL('suite.tsx', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
    target: 'node20',
    external: ['jsdom'],
    plugins: [react],
    define: { REACT_VERSION: JSON.stringify(version) },
    outfile,
    logLevel: 'error',
  });
  await import(pathToFileURL(outfile).href);
}
