// Works without a network once it was loaded: every file of this build is kept beside the page.
// The build puts the list of files and their hash in place of FILES and VERSION.

const NAME = `kakanai-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("kakanai-") && name !== NAME);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? newest(request) : kept(request));
});

/** The page itself is asked for again, so that a new edition is seen; without a network, the kept one. */
async function newest(request) {
  try {
    return await fetch(request);
  } catch {
    return caches.match("./", { cacheName: NAME });
  }
}

/** Other files carry their hash in their name and never change. */
async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}
