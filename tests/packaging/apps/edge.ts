/** For edge-runtime, where a script registers for requests. */

import type { VectorFile } from '../../../js/tests/support/vectors.ts';
import { judgeBuilds } from './builds.ts';

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

addEventListener('fetch', (event) => {
  const { request, respondWith } = event as FetchEvent;
  const answer = async () => Response.json(await judgeBuilds((await request.json()) as VectorFile));
  respondWith.call(event, answer());
});
