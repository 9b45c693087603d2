import './dom.ts';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { type Access, type TokenSession, useAccess } from 'scopegate/react';

export const API = 'https://api.yourapp.com';

/** A token that nobody signed. */
export function token(scope: string, more: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = { aud: API, scope, exp: Math.floor(Date.now() / 1000) + 3600, jti: String(Math.random()), ...more };
  return `${part({ alg: 'ES384', typ: 'at+jwt' })}.${part(body)}.AAAA`;
}

/** A source of tokens that counts, and remembers what it was asked for. */
export function sessionOf(
  answer: (resource: string, organizationId?: string) => Promise<string | undefined> | string | undefined,
): TokenSession & { readonly calls: (string | undefined)[][] } {
  const calls: (string | undefined)[][] = [];
  return {
    calls,
    async getAccessToken(...asked) {
      calls.push(asked);
      return answer(...asked);
    },
  };
}

const roots = new Set<Root>();

/** Takes everything down: what is mounted waits for its token to expire. */
export async function unmountAll(): Promise<void> {
  await act(async () => {
    for (const root of roots) root.unmount();
  });
  roots.clear();
}

/** A root in the document. */
export function mount(): { root: Root; text: () => string; show: (node: ReactNode) => Promise<void> } {
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  roots.add(root);
  return { root, text: () => container.textContent ?? '', show: (node) => act(async () => root.render(node)) };
}

/** Keeps what `useAccess` returned at each render. */
export function Watch({ seen }: { seen: Access[] }): null {
  seen.push(useAccess());
  return null;
}

/** Lets time pass inside of React. */
export const wait = (ms: number): Promise<void> => act(() => new Promise<void>((resolve) => setTimeout(resolve, ms)));

/** The latest, which has to be there. */
export function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error('there is none');
  return item;
}
