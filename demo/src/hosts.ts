/** The hosts that serve the blog API. A further host is one more entry. */

import { fileURLToPath } from 'node:url';
import { BLOG_API, BLOG_ORGANIZATION_API, type Issuer } from '@scopegate/issuer';
import workerd from 'workerd';
import { type RunningServer, run, startServer } from './processes.ts';

/** A runtime that can serve the blog API. */
export interface Host {
  name: string;
  /** Builds what the host runs; called once. */
  prepare?: () => Promise<void>;
  /** Starts the API with an empty key cache, trusting `issuer`. */
  start: (issuer: Issuer) => Promise<RunningServer>;
}

const directory = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const settings = (issuer: Issuer) => ({
  LOGTO_ENDPOINT: issuer.endpoint,
  API_RESOURCE: BLOG_API,
  ORGANIZATION_API_RESOURCE: BLOG_ORGANIZATION_API,
});

const listening = (line: string): string | undefined => /^listening on (http:\S+)$/.exec(line)?.[1];

export const express: Host = {
  name: 'Express',
  start: (issuer) =>
    startServer({
      command: process.execPath,
      args: ['--import', 'tsx', 'src/server.ts'],
      cwd: directory('examples/express'),
      env: { ...settings(issuer), PORT: '0' },
      addressIn: listening,
    }),
};

const workers: Host = {
  name: 'workerd',
  prepare: () => run('npm', ['run', '--silent', 'build'], directory('examples/workers')),
  start: (issuer) =>
    startServer({
      command: workerd.default,
      args: ['serve', 'config.capnp', '--socket-addr=http=127.0.0.1:0', '--control-fd=3'],
      cwd: directory('examples/workers'),
      env: settings(issuer),
      addressIn: (line) => {
        const port = /"event":"listen".*"port":(\d+)/.exec(line)?.[1];
        return port && `http://127.0.0.1:${port}`;
      },
    }),
};

/** The Python that has the built package: `cargo xtask` says where. */
const python = process.env.SCOPEGATE_PYTHON ?? directory('target/python-venv/bin/python');

const fastapi: Host = {
  name: 'FastAPI',
  start: (issuer) =>
    startServer({
      command: python,
      args: ['-m', 'blog'],
      cwd: directory('examples/fastapi'),
      env: { ...settings(issuer), PORT: '0' },
      addressIn: listening,
    }),
};

export const HOSTS: readonly Host[] = [express, workers, fastapi];
