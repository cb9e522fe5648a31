import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteResourcesById,
  getResources,
  patchResourcesById,
  postResources,
} from "../api/generated/client";
import type { NewResource, Resource, ResourceChanges } from "../api/generated/model";
import { pagedQuery } from "./paged";

export type { Resource };

/** The shared things by name, or only those of one owner. */
export const thingsQuery = (search: { q?: string; owner_id?: string }) =>
  pagedQuery(["resources", "list", search], (cursor, signal) =>
    getResources({ ...search, cursor, limit: 50 }, { signal }),
  );

function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(["resources", "maintenance"].map((key) => client.invalidateQueries({ queryKey: [key] })));
}

/** Adds a thing, or changes one when an id is given. */
export function useSaveThing() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, body }: { id?: string; body: NewResource & ResourceChanges }) =>
      id ? patchResourcesById(id, body) : postResources(body),
    onSuccess: refresh,
  });
}

export function useDeleteThing() {
  const refresh = useRefresh();
  return useMutation({ mutationFn: (id: string) => deleteResourcesById(id), onSuccess: refresh });
}
