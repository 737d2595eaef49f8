/** The text of a JSON file. Lists of words and numbers stay on their lines, as formatters want them. */
export function documentText(document: object): string {
  const text = JSON.stringify(document, null, 2);
  const lists = /\[\n\s+([^[\]{}]*?)\n\s+\]/g;
  return `${text.replace(lists, (_, items: string) => `[${items.replace(/\n\s+/g, " ")}]`)}\n`;
}
