import { createVerifier } from 'scopegate/webcrypto';
import { scopegateOptions } from './scopegate-options.ts';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'scopegate/webcrypto',
  async create(job) {
    const verifier = createVerifier(scopegateOptions(job));
    return { async: true, input: freshString, run: (token: string) => verifier.verify(token) };
  },
};
