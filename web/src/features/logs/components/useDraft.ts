import { useEffect, useRef, useState } from "react";
import { type Draft, loadDraft, saveDraft } from "../lib/drafts";

const EMPTY: Draft = { notes: "", issues: "none", photos: [] };

/** A draft that is written down with every change. A form of another id needs a key of its own. */
export function useDraft(id: string): [Draft, (draft: Draft) => void] {
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const touched = useRef(false);
  useEffect(() => {
    void loadDraft(id).then((kept) => kept && !touched.current && setDraft(kept));
  }, [id]);
  const change = (next: Draft) => {
    touched.current = true;
    setDraft(next);
    void saveDraft(id, next);
  };
  return [draft, change];
}
