import { createStore, del, get, set } from "idb-keyval";

/** What was typed and photographed before it was sent; it survives a reload. */
export interface Draft {
  notes: string;
  issues: "none" | "minor" | "major";
  photos: File[];
}

const store = createStore("communityshare-drafts", "drafts");

export const loadDraft = (id: string) => get<Draft>(id, store);
export const saveDraft = (id: string, draft: Draft) => set(id, draft, store);
export const dropDraft = (id: string) => del(id, store);
