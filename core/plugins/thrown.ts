const MUTATION = /read only property|object is not extensible|Cannot (delete|redefine) property/;

/** Whether what an algorithm threw is V8's complaint about a change to a frozen object. */
export function isMutation(thrown: unknown): boolean {
  return thrown instanceof TypeError && MUTATION.test(thrown.message);
}
