/** Every tag of a page, in order, or those of one element; style and script are passed over. */
export function elementsOf(page: string, name?: string): string[] {
  const markup = page.replace(/(<(style|script)>)[\s\S]*?(<\/\2>)/g, "$1$3").replace(/<!doctype html>/, "");
  const tags = markup.match(/<\/?[a-z][a-z0-9]*(?:\s+[a-z-]+(?:="[^"]*")?)*\s*>/g) ?? [];
  return name === undefined ? tags : tags.filter((tag) => new RegExp(`^<${name}[\\s>]`).test(tag));
}

/** A tag's attributes by name, unescaped. */
export function attributesOf(tag: string): Map<string, string> {
  const pairs = [...tag.matchAll(/\s([a-z-]+)(?:="([^"]*)")?/g)];
  return new Map(pairs.map(([, name, value]) => [name as string, (value ?? "").replaceAll("&#39;", "'")]));
}

/** What a table looks like: its caption's text, its number of columns and the number of cells in each body row. */
export interface TableShape {
  readonly caption: string;
  readonly columns: number;
  readonly rows: readonly number[];
}

/** The shapes of a page's tables. */
export function tableShapes(page: string): TableShape[] {
  return [...page.matchAll(/<table[\s\S]*?<\/table>/g)].map(([table]) => {
    const firstHeadRow = /<thead>\s*<tr>([\s\S]*?)<\/tr>/.exec(table)?.[1] ?? "";
    const spans = elementsOf(firstHeadRow, "th").map((head) => Number(attributesOf(head).get("colspan") ?? 1));
    const body = table.slice(table.indexOf("</thead>"));
    return {
      caption: (/<caption[^>]*>([\s\S]*?)<\/caption>/.exec(table)?.[1] ?? "").replace(/<[^>]*>/g, ""),
      columns: spans.reduce((sum, span) => sum + span, 0),
      rows: [...body.matchAll(/<tr[\s\S]*?<\/tr>/g)].map(
        ([row]) => elementsOf(row, "th").length + elementsOf(row, "td").length,
      ),
    };
  });
}
