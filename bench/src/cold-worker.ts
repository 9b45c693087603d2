/** A cold start in workerd: the first request makes a verifier and verifies one token. */

import { first } from './cold.ts';
import type { Subject } from './subjects/subject.ts';

/** The handler of the worker; without a subject it only reads the job: the runtime's own start. */
export function coldWorker(subject?: Subject): { fetch: (request: Request) => Promise<Response> } {
  return {
    async fetch(request) {
      const job = await request.json();
      if (subject !== undefined) await first(subject, job);
      return new Response('verified.');
    },
  };
}
