import { useMutation } from "@tanstack/react-query";
import { postAuthLogin } from "../../../api/generated/client";
import { signedIn } from "../../../lib/session";

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => postAuthLogin(body),
    onSuccess: (session) => signedIn(session.access_token, session.user),
  });
}
