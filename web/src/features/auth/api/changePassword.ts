import { useMutation } from "@tanstack/react-query";
import { postAuthPassword } from "../../../api/generated/client";
import type { PasswordChange } from "../../../api/generated/model";

/** Replaces one's own password; one's sessions elsewhere end. */
export function useChangePassword() {
  return useMutation({ mutationFn: (body: PasswordChange) => postAuthPassword(body) });
}
