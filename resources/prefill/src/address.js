// Which page: #/language/procedure/page/path. The language stands in it, so nothing need be stored.

const NAMES = ["language", "form", "page", "path"];

/** {language, form, page, path} of the address in the browser. */
export function here(languages) {
  const [, ...parts] = decodeURIComponent(location.hash).split("/");
  const found = Object.fromEntries(NAMES.map((name, at) => [name, parts[at]]));
  return languages.includes(found.language) ? found : { ...found, language: preferred(languages) };
}

function preferred(languages) {
  const own = navigator.language.startsWith("ja") ? "ja" : "en";
  return languages.includes(own) ? own : languages[0];
}

export const link = (language, ...parts) => `#/${[language, ...parts].filter(Boolean).join("/")}`;
