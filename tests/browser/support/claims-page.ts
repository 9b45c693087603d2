// Bundled for the browser: the module without signatures alone.
import { ScopegateError, tokenKind } from 'scopegate/claims';

Object.assign(globalThis, {
  kindOf(token: string): string {
    try {
      return tokenKind(token);
    } catch (error) {
      return error instanceof ScopegateError ? `${error.code}: ${error.hint}` : String(error);
    }
  },
});
document.title = 'ready';
