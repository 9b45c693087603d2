import { createVerifier } from 'scopegate/reference';
import { scopegateOptions } from './scopegate-options.ts';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'scopegate/reference',
  async create(job) {
    const verifier = createVerifier(scopegateOptions(job));
    return { async: false, input: freshString, run: (token: string) => verifier.verifySync(token) };
  },
};
