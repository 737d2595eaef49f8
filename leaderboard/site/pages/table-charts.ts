import type { Html } from "../../generator/html.ts";
import type { SiteTable } from "../site-model.ts";

export function tableCharts(_: SiteTable): Html | null {
  return null;
}
