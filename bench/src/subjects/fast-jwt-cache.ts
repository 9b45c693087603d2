import { cannot, create } from './fast-jwt.ts';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  name: 'fast-jwt-cache',
  cannot,
  create: (job) => create(job, true),
};
