import { documentAt } from './docs.ts';

export const { codeAfter, tableAfter } = documentAt('README.md');
