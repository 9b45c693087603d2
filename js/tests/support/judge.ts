import { type Api, type Case, runCase, type VectorFile } from './vectors.ts';

/** What is wrong with the outcome of each case, by its id; `null` if nothing is. */
export type Judgement = Record<string, string | null>;

/** Runs all cases of a vector file, where there is no test runner. */
export async function judge(api: Api, file: VectorFile): Promise<Judgement> {
  return Object.fromEntries(await Promise.all(file.cases.map((vector) => outcome(api, file, vector))));
}

async function outcome(api: Api, file: VectorFile, vector: Case): Promise<[string, string | null]> {
  try {
    await runCase(api, file, vector);
    return [vector.id, null];
  } catch (error) {
    return [vector.id, String(error)];
  }
}
