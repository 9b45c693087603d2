/**
 * Measuring inside workerd, where no clock advances while a request computes: each request does a given amount of work,
 * and whoever sends it looks at the clock.
 */

import type { Job } from './job.ts';
import { Runner } from './measure.ts';
import type { Subject } from './subjects/subject.ts';

/** The handler of a worker that measures `subjects`. */
export function workerAgent(subjects: readonly Subject[]): { fetch: (request: Request) => Promise<Response> } {
  const runners = new Map<string, Runner>();

  const prepare = async (job: Job): Promise<string[]> => {
    for (const subject of subjects) {
      const reason = subject.cannot?.(job.algorithm, job.host);
      if (reason === undefined) runners.set(subject.name, await Runner.prepare(subject, job));
    }
    return [...runners.keys()];
  };

  const work = async (url: URL): Promise<string[]> => {
    const runner = runners.get(url.searchParams.get('subject') ?? '');
    if (runner === undefined) throw new Error('not prepared');
    const count = Number(url.searchParams.get('count'));
    if (url.pathname === '/decode') runner.decode(count);
    else await runner.run(count);
    return [];
  };

  return {
    async fetch(request) {
      try {
        const url = new URL(request.url);
        return Response.json(url.pathname === '/prepare' ? await prepare(await request.json()) : await work(url));
      } catch (error) {
        return new Response(error instanceof Error ? error.stack : String(error), { status: 500 });
      }
    },
  };
}
