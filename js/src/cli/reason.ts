/** Why something failed, with the system's code: fetch says "fetch failed", and hides why. */
export function reasonOf(error: unknown): string {
  const { message = String(error), cause } = Object(error) as { readonly message?: string; readonly cause?: unknown };
  const { code, message: detail } = Object(cause) as { readonly code?: unknown; readonly message?: unknown };
  const why = code ?? detail;
  return why === undefined ? message : `${message} (${why})`;
}
