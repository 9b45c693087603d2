// Starting the core by hand: whatever the project's types know of a host, what it hands over is accepted.
import { type InitSync, init, initSync, type ModuleSource, ScopegateError } from 'scopegate/manual';
import * as reference from 'scopegate/reference/manual';
import * as webcrypto from 'scopegate/webcrypto/manual';

const options = { endpoint: 'https://tenant.logto.app', audience: 'https://api.yourapp.com' } as const;

export async function start(module: ModuleSource, response: Promise<Response>): Promise<string> {
  const { createVerifier, verifyIdToken } = await init(response);
  const { createVerifier: createSync } = initSync(module);
  const asynchronous = (await webcrypto.init(new Uint8Array(8))).createVerifier(options);
  // @ts-expect-error WebCrypto answers later only.
  asynchronous.verifySync('x');
  await verifyIdToken('x', { endpoint: options.endpoint, clientId: 'app' });
  const again: InitSync<unknown> = reference.initSync;
  again(new ArrayBuffer(8));
  // @ts-expect-error A promise cannot be waited for here.
  initSync('scopegate.wasm');
  const token = await createVerifier(options).verify('x');
  return createSync(options).verifySync(token.subject) instanceof ScopegateError ? 'never' : token.subject;
}
