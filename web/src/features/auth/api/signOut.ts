import { useMutation, useQueryClient } from "@tanstack/react-query";
import { postAuthLogout } from "../../../api/generated/client";
import { navigate } from "../../../lib/navigation";
import { signedOut } from "../../../lib/session";

/** Ends the session here and on the server; what was read is forgotten even when the server is away. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => postAuthLogout(),
    onSettled: () => {
      navigate({ to: "/sign-in", force: true });
      signedOut();
      client.clear();
    },
  });
}
