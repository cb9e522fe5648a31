import "@testing-library/jest-dom/vitest";
import "fake-indexeddb/auto";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// What jsdom lacks and the component kit asks for.
Object.assign(window, {
  scrollTo: () => undefined,
  matchMedia: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }),
  ResizeObserver: class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  },
});
Object.defineProperty(document, "fonts", { value: new EventTarget() });
URL.createObjectURL = () => "blob:picture";
URL.revokeObjectURL = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
// Pages and their parts are fetched lazily, here as in the browser; a busy machine takes its time.
configure({ asyncUtilTimeout: 8_000 });
afterEach(cleanup);
