// Opens the page. Whatever goes wrong that we did not foresee ends in one calm page.

import { App } from "./app.js";
import { here } from "./address.js";
import { el } from "./elements.js";
import { plainPage } from "./pages.js";
import { Words } from "./words.js";

const LANGUAGES = ["ja", "ja_easy", "en"];
const place = document.getElementById("page");

function apologise() {
  const words = new Words(here(LANGUAGES).language);
  const page = plainPage({ words, key: "failed", home: () => location.reload() });
  document.documentElement.lang = words.tag;
  document.title = page.title;
  place.replaceChildren(el("main", {}, page.nodes));
  place.querySelector("h1").focus();
}

/** The one script that is loaded by name; the page's policy allows no other. */
function trusted(script) {
  const policy = window.trustedTypes?.createPolicy("kakanai", { createScriptURL: () => script });
  return policy ? policy.createScriptURL(script) : script;
}

async function open() {
  const file = document.querySelector('meta[name="catalogue"]').content;
  const catalogue = await (await fetch(file)).json();
  await new App(catalogue, place).start();
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register(trusted("worker.js"));
}

window.addEventListener("error", apologise);
window.addEventListener("unhandledrejection", apologise);
open();
