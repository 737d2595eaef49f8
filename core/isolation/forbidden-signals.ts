/**
 * From now on this process sends no signals. Without a box the operating system would let it; signals to the harness have no
 * use for a method.
 */
export function forbidSignals(): void {
  const refuse = () => {
    throw new Error("a method may not send signals");
  };
  for (const name of ["kill", "_kill", "abort", "_debugProcess"]) {
    Object.defineProperty(process, name, { value: refuse, writable: false, configurable: false });
  }
}
