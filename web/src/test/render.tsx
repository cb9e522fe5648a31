import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { type ReactNode, useEffect, useState } from "react";
import type { User } from "../api/generated/model";
import { activate, type Locale } from "../lib/i18n";
import { getPlace, navigate, onPlace, PlaceContext } from "../lib/navigation";
import { signedIn } from "../lib/session";

export function person(role: User["role"], change: Partial<User> = {}): User {
  return {
    id: `id-of-${role}`,
    email: `${role}@x.example`,
    name: "Ada L",
    role,
    premium: false,
    active: true,
    ...change,
  };
}

function Placed({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(getPlace);
  useEffect(() => onPlace(() => setPlace(getPlace())), []);
  return <PlaceContext value={place}>{children}</PlaceContext>;
}

/** Renders a part of the application as somebody sees it, in the community's zone Europe/Berlin. */
export async function show(
  part: ReactNode,
  { user = person("admin"), locale = "en" as Locale, path = "/" } = {},
) {
  await activate(locale);
  signedIn("token", user);
  navigate({ to: path, replace: true, force: true });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  client.setQueryData(["features"], {
    features: { maintenance_scheduling_enabled: true },
    community_timezone: "Europe/Berlin",
  });
  return render(
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <QueryClientProvider client={client}>
          <Placed>{part}</Placed>
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>,
  );
}
