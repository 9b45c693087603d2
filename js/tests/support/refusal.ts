import assert from 'node:assert/strict';
import { type ErrorCode, ScopegateError } from 'scopegate';

/** Runs `action`, which must refuse with `code`, and gives the error. */
export async function refusal(code: ErrorCode, action: () => unknown): Promise<ScopegateError> {
  try {
    await action();
  } catch (error) {
    assert.ok(error instanceof ScopegateError, `not a ScopegateError: ${error}`);
    assert.equal(error.code, code);
    return error;
  }
  return assert.fail(`accepted instead of ${code}`);
}
