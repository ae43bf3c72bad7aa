/** How many things wait for a person. */
export function InboxCount() {
  return null;
}
