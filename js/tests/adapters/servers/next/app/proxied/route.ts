/** Guarded by proxy.ts alone. */
export function GET(): Response {
  return Response.json({ subject: null });
}
