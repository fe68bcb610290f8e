/** Commands that are written and wait for what they need of core. They are unknown to users: not run, not in any help. */
export const NOT_WIRED: ReadonlySet<string> = new Set<string>([]);

/** Whether users may know of a command, by its id such as `users:list`. */
export function isWired(id: string): boolean {
  return !NOT_WIRED.has(id);
}
