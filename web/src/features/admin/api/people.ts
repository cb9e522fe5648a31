import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getUsers, patchUsersById, postUsers } from "../../../api/generated/client";
import type { NewUser, User, UserChanges } from "../../../api/generated/model";
import { pagedQuery } from "../../../lib/paged";

export type { NewUser, User };

export const peopleQuery = (q?: string) =>
  pagedQuery(["users", "list", q ?? ""], (cursor, signal) => getUsers({ q, cursor, limit: 50 }, { signal }));

/** Adds a person, or changes one when an id is given. */
export function useSavePerson() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id?: string; body: NewUser | UserChanges }) =>
      id ? patchUsersById(id, body as UserChanges) : postUsers(body as NewUser),
    onSuccess: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
}
