// The page's elements. Words become text nodes only: nothing a person typed is ever markup.

const SVG = "http://www.w3.org/2000/svg";

/** el("p", {class: "hint"}, "…", child): attributes that are false or null are left out. */
export function el(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), attributes, children);
}

function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

const button =
  (kind) =>
  (words, click, attributes = {}) =>
    el("button", { type: "button", class: kind, click, ...attributes }, words);

export const primary = button("primary");
export const secondary = button("secondary");
export const quiet = button("quiet");
