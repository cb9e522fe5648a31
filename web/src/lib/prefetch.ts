let fetchPage: (path: string) => unknown = () => undefined;

/** The application says how the code of a page is fetched. */
export function onPrefetch(fetch: (path: string) => unknown) {
  fetchPage = fetch;
}

/** Fetches the code of a page that will probably be opened next. */
export const prefetch = (path: string) => void fetchPage(path);
