// @odoo-module ignore
/* eslint-disable no-restricted-globals */

/** Whatever page of a register is loaded: without the server, it is the one that it begins with. */

const REGISTER = /^\/pos\/ui\/\d+/;

async function loadRegister(request, start) {
    const cache = await caches.open("odoo-pos-cache");
    try {
        const response = await fetch(request);
        cache.put(request, response.clone());
        return response;
    } catch {
        return (await cache.match(request)) || cache.match(start);
    }
}

self.addEventListener("fetch", (event) => {
    const { mode, url } = event.request;
    const start = new URL(url).pathname.match(REGISTER)?.[0];
    if (mode === "navigate" && start) {
        event.stopImmediatePropagation();
        event.respondWith(loadRegister(event.request, start));
    }
});
