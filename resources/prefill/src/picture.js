// A symbol as SVG: crisp at any size, on a screen and on paper.

import { svg } from "./elements.js";
import { path } from "./symbols.js";

export function picture(rows, label) {
  const { d, size } = path(rows);
  return svg(
    "svg",
    {
      viewBox: `0 0 ${size} ${size}`,
      role: "img",
      "aria-label": label,
      "shape-rendering": "crispEdges",
    },
    svg("rect", { width: size, height: size, fill: "#fff" }),
    svg("path", { d, fill: "#000" }),
  );
}
