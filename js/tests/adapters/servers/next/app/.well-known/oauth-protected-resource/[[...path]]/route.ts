import { metadataHandler } from 'scopegate/next';
import { metadata } from '../../../../api.ts';

const documents = new Map(Object.entries(metadata).map(([path, document]) => [path, metadataHandler(document)]));

function handler(request: Request): Response {
  return documents.get(new URL(request.url).pathname)?.(request) ?? new Response(null, { status: 404 });
}

export { handler as DELETE, handler as GET, handler as OPTIONS };
